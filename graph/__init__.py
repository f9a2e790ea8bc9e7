"""Order: who works when. The only floor that imports LangGraph."""
