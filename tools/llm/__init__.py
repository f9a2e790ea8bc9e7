"""Chat models: whatever server, one port; answers kept, spending counted, schemas filled."""
