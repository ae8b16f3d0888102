"""What reports have in common: a view that turns in the browser, tables that sort, and where the result comes from."""
