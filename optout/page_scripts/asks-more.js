// uses: open-dialogs
// Whether a dialog is open that was not at an earlier survey of this document.
(survey) => openDialogs().some((dialog) => !survey.dialogs.includes(dialog))
