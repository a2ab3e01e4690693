"""What must not be shown: by its name, by its form, and in whole documents.

Whatever prints values of others (a drift, a plan, events) masks them with these rules first, for every format.
"""
