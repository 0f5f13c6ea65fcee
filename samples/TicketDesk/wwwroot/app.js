// Puts the flows on the page: tabs, steps, and what happened in each.
import { element, problem } from './dom.js';
import { flows } from './flows.js';
import { read, refreshPanels } from './panels.js';

const panel = document.getElementById('flow');
const tabs = document.querySelector('[role=tablist]');
const runs = new Map();
let provider;

await start();

async function start() {
  for (const flow of flows) {
    tabs.append(element('button', {
      type: 'button', role: 'tab', id: `tab-${flow.id}`, 'aria-controls': 'flow', onclick: () => select(flow), onkeydown: moveBetweenTabs,
    }, flow.name));
  }

  document.getElementById('refresh-inbox').addEventListener('click', refreshPanels);
  document.getElementById('refresh-audit').addEventListener('click', refreshPanels);
  // Whoever comes back from the claim page finds what it changed.
  window.addEventListener('focus', refreshPanels);
  window.addEventListener('hashchange', () => select(flowOfAddress()));
  provider = await readProvider();
  select(flowOfAddress());
  await refreshPanels();
}

async function readProvider() {
  try {
    return (await read('/demo/settings')).providerUrl;
  } catch (failure) {
    tabs.before(problem(failure.message));
    return undefined;
  }
}

function flowOfAddress() {
  return flows.find(flow => `#${flow.id}` === location.hash) ?? flows[0];
}

function select(flow) {
  history.replaceState(null, '', `#${flow.id}`);
  for (const tab of tabs.children) {
    const selected = tab.id === `tab-${flow.id}`;
    tab.setAttribute('aria-selected', selected);
    tab.tabIndex = selected ? 0 : -1;
  }

  if (!runs.has(flow)) {
    runs.set(flow, renderFlow(flow));
  }

  panel.setAttribute('aria-labelledby', `tab-${flow.id}`);
  panel.replaceChildren(runs.get(flow));
}

// The keys that people expect of tabs.
function moveBetweenTabs(event) {
  const last = flows.length - 1;
  const at = flows.findIndex(flow => event.currentTarget.id === `tab-${flow.id}`);
  const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    select(flows[to]);
    tabs.children[to].focus();
  }
}

function renderFlow(flow) {
  const state = { provider, api: new URL('/api/tickets', location.href).href };
  const numbered = flow.steps.filter(step => !step.when);
  const steps = flow.steps.map((step, index) => renderStep(step, index, step.when ? '+' : numbered.indexOf(step) + 1, state));
  steps.forEach((step, index) => step.next = steps[index + 1]);
  steps[0].open();
  return element('div', {},
    element('div', { class: 'bar' },
      element('p', { class: 'summary' }, flow.summary),
      element('button', { type: 'button', class: 'quiet', onclick: () => startOver(flow) }, 'Start over')),
    element('ol', { class: 'steps' }, ...steps.map(step => step.item)));
}

function startOver(flow) {
  runs.delete(flow);
  select(flow);
  panel.querySelector('.step h2').focus();
}

function renderStep(step, index, number, state) {
  const fields = (step.fields ?? []).map(field => renderField(field, index));
  const button = element('button', { type: 'submit', class: 'primary' }, step.action);
  const controls = element('fieldset', { disabled: true }, ...fields.map(field => field.row), button);
  const wire = element('div', { class: 'wire' });
  const outcome = element('div', { class: 'outcome', 'aria-live': 'polite' });
  const item = element('li', { class: step.when ? 'optional' : 'step waiting', hidden: Boolean(step.when) },
    element('h2', { tabindex: '-1' }, element('span', { class: 'number' }, number), ' ', step.title),
    element('p', { class: 'why' }, step.why),
    // No validation here: what the service says to a bad value is worth seeing.
    element('form', { novalidate: true, onsubmit: run }, controls), wire, outcome);
  const self = { item, open, next: undefined };
  return self;

  function open() {
    if (step.when && !step.when(state)) {
      self.next?.open();
      return;
    }

    if (step.when && item.hidden) {
      item.hidden = false;
      item.className = 'step waiting';
    }

    if (item.classList.contains('waiting')) {
      item.classList.replace('waiting', 'current');
      item.setAttribute('aria-current', 'step');
      controls.disabled = false;
    }
  }

  // The button stays enabled while it runs: a disabled one would lose the focus.
  async function run(event) {
    event.preventDefault();
    if (item.hasAttribute('aria-busy')) {
      return;
    }

    item.setAttribute('aria-busy', 'true');
    fields.forEach(field => state[field.name] = field.control.value.trim());
    wire.replaceChildren();
    outcome.replaceChildren();
    foldOthers();
    try {
      finish(await step.run(state, picture => wire.append(picture)));
    } catch (failure) {
      outcome.replaceChildren(problem(failure.message));
    } finally {
      item.removeAttribute('aria-busy');
      await refreshPanels();
    }
  }

  // What was seen stays one click away, and the page stays short.
  function foldOthers() {
    for (const exchange of item.parentElement.querySelectorAll('.exchange[open]')) {
      exchange.open = false;
    }
  }

  function finish(learned) {
    item.classList.remove('current');
    item.classList.add('done');
    item.removeAttribute('aria-current');
    outcome.replaceChildren(element('div', { class: 'learned' }, learned));
    self.next?.open();
  }
}

function renderField({ name, label, options, value = '', type = 'text', inputmode, autocomplete = 'off', placeholder }, index) {
  const id = `field-${index}-${name}`;
  const control = options
    ? element('select', { id, name }, ...options.map(option => element('option', {}, option)))
    : element('input', { id, name, type, value, inputmode, autocomplete, placeholder, spellcheck: 'false' });
  return { name, control, row: element('div', { class: 'field' }, element('label', { for: id }, label), control) };
}
