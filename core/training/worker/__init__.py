"""The only package that imports torch, transformers, peft and trl: builds, loads and trains models."""
