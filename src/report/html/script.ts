/** What the page does by itself; without it everything can still be read. It makes no HTML of texts. */
export const pageScript = `
document.documentElement.classList.add('scripted')
const said = document.getElementById('said')
document.addEventListener('click', async event => {
  const button = event.target.closest('button')
  if (button === null) return
  if (button.dataset.open !== undefined) {
    for (const details of document.querySelectorAll('details')) details.open = button.dataset.open === 'yes'
    return
  }
  const line = button.closest('.line').querySelector('pre')
  try {
    await navigator.clipboard.writeText(line.textContent)
    button.textContent = said.textContent = 'Copied'
  } catch {
    getSelection().selectAllChildren(line)
    button.textContent = said.textContent = 'Selected'
  }
  setTimeout(() => { button.textContent = 'Copy' }, 2000)
})
const choose = () => {
  const hidden = new Set([...document.querySelectorAll('.tools input[type=checkbox]')].filter(box => !box.checked).map(box => box.value))
  const wanted = (document.querySelector('.tools input[type=search]')?.value ?? '').toLowerCase()
  const items = [...document.querySelectorAll('.findings > li')]
  for (const item of items) item.hidden = hidden.has(item.dataset.severity) || !item.textContent.toLowerCase().includes(wanted)
  said.textContent = items.filter(item => !item.hidden).length + ' of ' + items.length + ' findings are shown'
}
document.addEventListener('change', choose)
document.addEventListener('input', choose)
const reveal = () => {
  const target = location.hash === '' ? null : document.getElementById(location.hash.slice(1))
  if (target === null) return
  target.hidden = false
  const details = target.querySelector('details')
  if (details !== null) details.open = true
}
addEventListener('hashchange', reveal)
reveal()
`
