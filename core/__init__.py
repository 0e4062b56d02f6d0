"""The work behind the screens, one step a module; a step reads what earlier steps stored and writes only its own rows.

benchmark        files -> items (and the responses and judgements CROSS's own scripts wrote)
labels           responses -> an expert's labels, blind first
pairs            two answers to one item -> a pair, with a reason
training_sets    accepted pairs -> a frozen training set
training         a training set -> a training run

Foundation, for every step: errors, config, rubric, models, db, jobs, people. Nothing in here imports streamlit.
"""
