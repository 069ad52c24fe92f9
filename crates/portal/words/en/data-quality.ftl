# Free text that looks like data outside the Specification.

quality-title = Data quality
quality-title-what = Free text that looks as if it held other things than the Specification allows.
quality-lead = Shown here is free text that looks as if it held data outside the agreement's Specification: personal identity numbers, contact details of others, words about health, religion, trade unions and the like. It is a guess about the text, never about the person. Read it, and take out what should not stand there.
quality-added = This you have added to the Specification yourselves:
quality-choose = Choose what to read through
quality-no-kinds = There is no free text that your level may read.
quality-count = { $count } places in { $read } read. The reading stands in the log.
quality-caption = Places to read again
quality-record = Record
quality-field = Field
quality-found = What it looks like
quality-looked = Looked at
quality-mark = I have looked at it
quality-more = Read the next part
quality-personnummer = personal identity number
quality-email = e-mail address
quality-phone = telephone number
