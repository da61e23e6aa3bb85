"""Forms of people; each gives the values that its action takes."""
