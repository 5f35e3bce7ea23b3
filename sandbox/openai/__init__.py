"""Plays an OpenAI-compatible server: moderations, embeddings and the list of models."""

from sandbox.openai.vendor import OpenAI

__all__ = ["OpenAI"]
