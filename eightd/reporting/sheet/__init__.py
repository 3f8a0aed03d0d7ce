"""What every set document is made of: wording, layout and the sheet they are set on."""
