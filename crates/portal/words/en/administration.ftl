# What the customer's administrator does.

frame-administration = Administration
administration-title = Administration
administration-lead = Here you decide what is your own. The agreement says who may do what; that is not changed here.
administration-file = Our file
administration-file-what = Units and other lists, the consent text, additions to the Specification and the rules of the programme.
answer-only-administrator = For administrators only
answer-only-administrator-what = This page is for the role that administers the customer's accounts under the agreement. Ask your administrator.
api-not-administrator = For administrators only
api-not-administrator-detail = This is for the role that administers the customer's accounts under the agreement.
api-not-administrator-what = The role of the calling account does not administer the customer. The agreement says which role does.
