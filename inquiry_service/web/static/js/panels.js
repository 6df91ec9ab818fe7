// Panels behind tabs: <nav data-panels> with links to sections on the page. Without this script all of them are
// shown, one after the other, and the links jump. A link to anything inside a hidden panel opens that panel first.

const tabs = [...document.querySelectorAll('[data-panels] a[href^="#"]')]
const panel = tab => document.getElementById(tab.hash.slice(1))

function open(chosen) {
  for (const tab of tabs) {
    const section = panel(tab)
    if (section) section.hidden = tab !== chosen
    if (tab === chosen) tab.setAttribute('aria-current', 'true')
    else tab.removeAttribute('aria-current')
  }
}

function reveal(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)))
  const tab = target && tabs.find(candidate => panel(candidate)?.contains(target))
  if (tab) open(tab)
  return target
}

document.addEventListener('click', event => {
  const link = event.target instanceof Element && event.target.closest('a[href^="#"]')
  if (!link || event.defaultPrevented) return
  const target = reveal(link.hash)
  if (!target) return
  event.preventDefault()
  if (link.closest('[data-panels]')) return
  target.scrollIntoView({block: 'nearest'})
  mark(link, target)
  if (!target.matches('a, button, input, select, textarea, [tabindex]')) target.tabIndex = -1
  target.focus({preventScroll: true})
})

// The reference that is looked at, and the citation that led there.
function mark(link, target) {
  if (!target.matches('[data-reference]')) return
  for (const other of document.querySelectorAll('[data-reference].eh-on')) other.classList.remove('eh-on')
  for (const other of document.querySelectorAll('a.eh-cite[aria-current]')) other.removeAttribute('aria-current')
  target.classList.add('eh-on')
  if (link.matches('.eh-cite')) link.setAttribute('aria-current', 'true')
}

if (tabs.length) {
  open(tabs.find(tab => tab.hasAttribute('aria-current')) ?? tabs[0])
  reveal(location.hash)
}
