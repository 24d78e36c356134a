"""The engine: everything a query needs. It knows no folder walking and no HTTP."""
