"""The archive in the browser: Datasette over the database, with pages of our own for people who would rather look.

`site` makes the Datasette, `plugin` is what Datasette calls, `views` answers our addresses with what `reading` and
`panels` find; `plots` says where bars stand, the templates draw them. No script is sent, and nothing is written.
"""
