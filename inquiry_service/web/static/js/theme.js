// Theme switch without a page load. The server keeps the choice (cookie) and sets it on the next page,
// so nothing flashes; without this script the same form simply posts.

const form = document.querySelector('[data-theme-form]')

form?.addEventListener('submit', async event => {
  const choice = event.submitter
  if (choice?.name !== 'theme') return
  event.preventDefault()
  const body = new FormData(form)
  body.set('theme', choice.value)
  document.documentElement.dataset.bsTheme = choice.value
  for (const button of form.querySelectorAll('[name="theme"]')) {
    button.setAttribute('aria-pressed', String(button === choice))
  }
  const answer = await fetch(form.action, {method: 'POST', body, redirect: 'manual'})
  const kept = answer.ok || answer.type === 'opaqueredirect'
  const region = document.getElementById('announce')
  if (region) region.textContent = kept ? `Theme: ${choice.textContent}` : 'The theme could not be kept'
})
