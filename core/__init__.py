"""The words everybody shares: models, ports, errors, settings, log. Imports nothing of ours."""
