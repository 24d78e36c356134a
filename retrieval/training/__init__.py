"""Contrastive fine-tuning of an encoder on a person's own captioned pictures."""
