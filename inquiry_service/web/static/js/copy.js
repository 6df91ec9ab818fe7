// "Copy" buttons: data-copy holds the text, data-copy-from the id of the element whose text it is.
// Without script there is nothing to press: the buttons start hidden, the text itself can be selected.

function reveal(root) {
  for (const button of root.querySelectorAll('[data-copy], [data-copy-from]')) button.hidden = false
}

function announce(words) {
  const region = document.getElementById('announce')
  if (region) region.textContent = words
}

document.addEventListener('click', async event => {
  const button = event.target instanceof Element && event.target.closest('[data-copy], [data-copy-from]')
  if (!button) return
  const text = button.dataset.copy ?? document.getElementById(button.dataset.copyFrom)?.textContent ?? ''
  try {
    await navigator.clipboard.writeText(text.trim())
    announce('Copied')
  } catch {
    announce('The browser did not allow copying; select the text instead')
  }
})
document.addEventListener('htmx:after:swap', () => reveal(document))
reveal(document)
