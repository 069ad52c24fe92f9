# Checkpoints: what the customer takes away and keeps.

checkpoints-title = Checkpoints
checkpoints-link = Checkpoints: keep them outside the service, and you can show whether the log was rewritten
checkpoints-what = A checkpoint says how many entries your log has and which root they give, signed by the provider. Whoever has kept one can always check whether the log still begins with the same entries.
checkpoints-now = The newest checkpoint
checkpoints-now-what = Keep it outside the service. It holds no personal data.
checkpoints-none = No checkpoint has been written yet. The first comes within about a second after the first entry of the log.
checkpoints-keep = Download the checkpoint
checkpoints-file = checkpoint
checkpoints-key = The key that the signature is checked with
checkpoints-key-what = Write it down now, and compare it with the one that you get from the provider by another way. Should it change without your having been told, ask why.
checkpoints-check = How you check
checkpoints-check-what = The program verify needs no keys to your data and does not trust the service. The formats are open (C2SP tlog-tiles, tlog-checkpoint and tlog-proof), so other programs will do as well.
checkpoints-check-proof = The proof of one entry, offline
checkpoints-check-log = The whole log, over the network, with one of your keys for programs
checkpoints-check-kept = And against a checkpoint that you kept
checkpoints-limits = This shows that entries were not changed, removed or inserted afterwards. It does not show entries that were never made. That the whole log was set back is noticed only against a checkpoint that you have kept.
checkpoints-past = Earlier roots
checkpoints-past-what = What the installation's own log has noted of your log, newest first. A checkpoint that you kept with the same number of entries must have the same root.
checkpoints-past-none = None yet. The installation's log notes about once a minute.
checkpoints-past-caption = Earlier roots, newest first
checkpoints-column-time = When
checkpoints-column-size = Entries
checkpoints-column-root = Root
checkpoints-title-what = The newest signed proof of what the log looks like, to keep outside the service.
