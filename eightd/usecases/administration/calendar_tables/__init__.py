"""Tables of days off and on as people send them: CSV, Excel and iCal."""
