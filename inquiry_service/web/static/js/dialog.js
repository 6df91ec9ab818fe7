// Native dialogs: what the browser does not do by itself.
// 1. commandfor/command where the browser lacks them.  2. Links that open a dialog in place (data-opens);
// without this script they lead to a page that does the same.  3. A dialog that the server shows at once
// (data-open) becomes modal.  4. The focus returns to the opener, or to the heading when it is gone.

const native = 'commandForElement' in HTMLButtonElement.prototype
const openers = new WeakMap()

function open(dialog, opener) {
  if (dialog.open) return
  openers.set(dialog, opener)
  dialog.showModal()
}

function command(button) {
  const target = document.getElementById(button.getAttribute('commandfor'))
  if (!(target instanceof HTMLDialogElement)) return
  if (button.getAttribute('command') === 'show-modal') open(target, button)
  if (button.getAttribute('command') === 'close') target.close()
}

document.addEventListener('click', event => {
  if (!(event.target instanceof Element)) return
  const button = event.target.closest('button[commandfor]')
  if (button && button.getAttribute('aria-disabled') !== 'true') {
    if (native) openers.set(document.getElementById(button.getAttribute('commandfor')), button)
    else command(button)
  }
  const link = event.target.closest('a[data-opens]')
  const dialog = link && document.getElementById(link.dataset.opens)
  if (dialog instanceof HTMLDialogElement && !event.ctrlKey && !event.metaKey) {
    event.preventDefault()
    open(dialog, link)
  }
})

// Capture, because close events do not bubble.
document.addEventListener('close', event => {
  const opener = openers.get(event.target)
  if (!opener || opener.matches('[commandfor][command="close"]')) return
  if (opener.isConnected && opener.tabIndex >= 0) opener.focus()
  else if (document.activeElement === document.body) document.getElementById('page-heading')?.focus()
}, true)

export function showWaiting(root = document) {
  for (const dialog of root.querySelectorAll('dialog[data-open]')) {
    dialog.removeAttribute('data-open')
    if (dialog.open) dialog.close()
    open(dialog, null)
  }
}

document.addEventListener('htmx:after:swap', () => showWaiting())
showWaiting()
