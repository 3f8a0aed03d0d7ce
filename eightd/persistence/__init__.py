"""The store: typed tables, repositories, the unit of work, files by hash, migrations."""
