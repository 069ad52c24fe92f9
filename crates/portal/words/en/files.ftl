# Files that belong to records: upload, preview, download, and what was wrong with a file.

files-takes = Takes: { $forms }. At most { $max }.
files-stripped = The place and other things that the camera wrote into it are taken out before the picture is kept.
files-not-scanned-here = Files are not scanned for malware here: no scanner is configured.
files-kept-now = Kept now:
files-waiting = The file has arrived and is kept together with the rest:
files-replace = Choose a file to replace it; otherwise it stays.
files-remove = Remove the file
files-open = Open
files-download = Download
files-look = Show
files-look-title = { $field } · { $number }
files-size = { $size }
files-picture-of = { $field }
files-look-note = Shown apart, without script. That you opened the file is in the log.
files-cannot-look = A file of this form cannot be shown here. Download it instead.
files-back = Back to the record
files-hash = SHA-256

problem-file-too-large = is larger than the field takes, { $max }. Nothing of the file was kept.
problem-file-empty = is empty. Choose a file that holds something.
problem-file-form = is of a form that the field does not take. The file's content decides, not its name. What is taken stands under the field's name.
problem-not-a-picture = cannot be read as a picture, though it begins as one. Save the picture again as JPEG or PNG and try again.
problem-picture-too-large = has more points than are taken. Make the picture smaller and try again.
problem-file-active = holds something that runs when the document is opened: a script, the start of a program or a file within it. Print the document to a new PDF and try again.
problem-file-locked = cannot be looked through: it is protected by a password or packed in a way that hides what it holds. Print it to a new PDF without a password and try again.
problem-file-macros = holds macros. Save the document without macros, or as PDF, and try again.
problem-file-malware = holds malware, says the scanner. Nothing of the file was kept, and the attempt is in the log.
problem-file-cut-off = did not arrive whole. Nothing of the file was kept. Send it again.
problem-file-gone = waited too long to be kept and was removed. Choose the file again.
who-looked-event-malware = Malware in a file, which was refused
