"""The web application: the page, the JSON API and the bytes behind both."""
