"""The agent for Python: it records who ran, who waited for whom, and why. See start.py."""
