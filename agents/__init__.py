"""Judgement: prompt in, typed result out. One file an agent, one file a check; no files, no graph, no interface."""
