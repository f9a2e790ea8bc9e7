"""The pages in the browser; the only place that knows Gradio. Everything they show comes from the Desk of core."""
