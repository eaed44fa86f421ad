"""Smallest service that the generated image must carry."""
