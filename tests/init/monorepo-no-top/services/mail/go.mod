module mail
