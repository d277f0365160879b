"""Invented names and sentences that the sample site's stories are put together from."""
