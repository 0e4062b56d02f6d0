"""The work behind the screens, one step a module; a step reads what earlier steps stored and writes only its own rows.

benchmark        files -> items (and the responses and judgements CROSS's own scripts wrote)
responses        items -> responses, collected from an endpoint or imported
measures         judgements and labels -> numbers with their intervals
judging          responses -> a judge's scores
labels           responses -> experts' labels, blind first, and rulings where they differ
pairs            two answers to one item -> a pair, with a reason
training_sets    accepted pairs -> a frozen training set
training         a training set -> a training run
report           numbers -> one file that can be sent

Foundation, for every step: errors, config, rubric, models, db, jobs, people. Nothing in here imports streamlit.
"""

import os

# Read when numpy is loaded. Our products are small: threads that wait for each other made them five times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
