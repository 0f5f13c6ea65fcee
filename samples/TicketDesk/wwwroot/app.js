// The agent of the walk-through. It knows one address of the API and learns everything else from the answers, as a real agent would.
'use strict';

const $ = (id) => document.getElementById(id);
const state = { verified: {}, anonymous: {}, email: {} };
let settings;
let discovered;

// Credentials and tokens are shown by their beginning; a whole one belongs in nobody's screenshot.
const SECRET = /\b((?:agk|agt|clm|cvt)_[0-9A-Za-z]{4})[0-9A-Za-z]+/g;
const JWT = /\b(eyJ[\w-]{8})[\w-]*\.[\w-]+\.[\w-]+/g;
const shorten = (text) => text.replace(SECRET, '$1…').replace(JWT, '$1….….…');

function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Sends a request, shows it with its answer, and returns the answer. */
async function send(why, method, url, { headers = {}, body, expect = [200] } = {}) {
  const answer = await fetch(url, { method, headers, body, cache: 'no-store' });
  const text = await answer.text();
  const expected = expect.includes(answer.status);
  showExchange(why, { method, url, headers, body }, answer, text, expected);
  const json = (() => { try { return JSON.parse(text); } catch { return null; } })();
  return { status: answer.status, headers: answer.headers, text, json, expected };
}

const post = (why, url, value, expect) =>
  send(why, 'POST', url, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value), expect });

const call = (why, method, path, credential, { body, expect } = {}) =>
  send(why, method, path, {
    headers: { ...(credential && { Authorization: `Bearer ${credential}` }), ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
    expect,
  });

function showExchange(why, request, answer, text, expected) {
  const path = request.url.startsWith(location.origin) ? request.url.slice(location.origin.length) : request.url;
  const box = element('details', 'exchange');
  box.open = true;
  const summary = element('summary');
  summary.append(`${request.method} ${shorten(path)} → `, element('span', expected ? 'good' : 'bad', String(answer.status)));
  const sent = [`${request.method} ${shorten(path)} HTTP/1.1`, ...Object.entries(request.headers).map(([name, value]) => `${name}: ${shorten(value)}`)];
  if (request.body) sent.push('', shorten(pretty(request.body)));
  const shown = ['www-authenticate', 'content-type', 'retry-after'].filter((name) => answer.headers.get(name));
  const got = [`HTTP/1.1 ${answer.status} ${answer.statusText}`, ...shown.map((name) => `${name}: ${answer.headers.get(name)}`)];
  if (text) got.push('', shorten(pretty(text)).slice(0, 4000));
  box.append(summary, element('p', 'why', why), element('pre', '', sent.join('\n')), element('pre', '', got.join('\n')));
  for (const other of $('wire').querySelectorAll('details')) other.open = false;
  $('wire').prepend(box);
}

/** A sentence for the person instead of a stack trace. */
class Stop extends Error {}

function must(answer, sentence) {
  if (!answer.expected) throw new Stop(`${sentence} (${answer.status}${answer.json?.error ? ` ${answer.json.error}` : ''})`);
  return answer;
}

/** 401 → WWW-Authenticate → protected-resource metadata → authorization-server metadata. */
async function discover() {
  const refused = await call('Ask without a credential. The 401 says where to begin.', 'GET', '/api/tickets', null, { expect: [401] });
  const pointer = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '');
  if (!pointer) throw new Stop('The 401 has no resource_metadata: this is not a service with auth.md.');
  const resource = must(await send('Who may issue credentials for this API?', 'GET', here(pointer[1])), 'No resource metadata.').json;
  const server = must(
    await send('What does the authorization server offer to agents?', 'GET', here(`${resource.authorization_servers[0]}/.well-known/oauth-authorization-server`)),
    'No server metadata.').json;
  discovered = { resource: resource.resource, scopes: resource.scopes_supported, issuer: server.issuer, ...server.agent_auth };
  return `${discovered.scopes.length} scopes, ${discovered.identity_types_supported.length} identity types`;
}

// The page may be open under another name for the same machine (127.0.0.1, --urls); the published addresses stay what they are.
function here(url) {
  const target = new URL(url);
  return location.origin + target.pathname + target.search;
}

async function needDiscovery() {
  if (!discovered) await discover();
}

const tickets = (answer) => `${answer.json.length} tickets`;
const newTicket = { title: 'The coffee machine wants a password', body: 'It used to want coins.' };

const flows = {
  verified: [
    ['Discover', discover],
    ['Have the provider sign an ID-JAG', async (s) => {
      await needDiscovery();
      const minted = must(await post('The provider signs who the user is, for this service only, for five minutes.', `${settings.provider}/id-jag`,
        { user: $('user').value, audience: discovered.resource }), 'The provider signs nothing.');
      s.assertion = minted.json.assertion;
      return `sub ${minted.json.claims.sub}`;
    }],
    ['Register', async (s) => {
      need(s.assertion, 'Have an ID-JAG signed first.');
      const answer = must(await post('The assertion in, a credential out. There is no refresh token.', here(discovered.register_uri), {
        type: 'identity_assertion', assertion_type: 'urn:ietf:params:oauth:token-type:id-jag', assertion: s.assertion, requested_credential_type: 'access_token',
      }, [200, 401]), 'Not registered.');
      if (answer.status === 401) {
        Object.assign(s, { claimToken: answer.json.claim_token });
        return 'interaction_required: the owner of the address was mailed';
      }
      s.credential = answer.json.credential;
      return answer.json.scopes.join(', ');
    }],
    ['Confirm, if the address has an account', async (s) => {
      if (s.credential) return 'not needed';
      need(s.claimToken, 'Register first.');
      return complete(s);
    }, 'code-optional'],
    ['List tickets', async (s) => tickets(must(await call('The credential in the header.', 'GET', '/api/tickets', need(s.credential, 'Register first.')), 'Refused.'))],
    ['Open a ticket', async (s) => `ticket ${must(await call('tickets.write was granted.', 'POST', '/api/tickets', need(s.credential, 'Register first.'), { body: newTicket, expect: [201] }), 'Refused.').json.id}`],
    ['Post the same ID-JAG again', async (s) => must(await post('An assertion is good once.', here(discovered.register_uri), {
      type: 'identity_assertion', assertion_type: 'urn:ietf:params:oauth:token-type:id-jag', assertion: need(s.assertion, 'Register first.'), requested_credential_type: 'access_token',
    }, [400]), 'It should have been refused.').json.error],
    ['Let the provider revoke', async (s) => {
      await needDiscovery();
      const sent = must(await post('The provider posts a logout token to revocation_uri.', `${settings.provider}/logout`,
        { user: $('user').value, audience: discovered.resource, revocation_uri: discovered.revocation_uri }), 'Not revoked.');
      return `${sent.json.status} ${sent.json.answer}`;
    }],
    ['List tickets again', async (s) => `${must(await call('The credential died before the revocation was answered.', 'GET', '/api/tickets', need(s.credential, 'Register first.'), { expect: [401] }), 'It should be dead.').status} ${'revoked'}`],
  ],
  anonymous: [
    ['Register', async (s) => {
      await needDiscovery();
      const answer = must(await post('No identity at all.', here(discovered.register_uri), { type: 'anonymous', requested_credential_type: 'api_key' }), 'Not registered.');
      Object.assign(s, { credential: answer.json.credential, claimToken: answer.json.claim_token });
      return answer.json.scopes.join(', ');
    }],
    ['List tickets', async (s) => tickets(must(await call('Reading is a pre-claim scope.', 'GET', '/api/tickets', need(s.credential, 'Register first.')), 'Refused.'))],
    ['Try to open a ticket', async (s) => must(await call('Writing is not.', 'POST', '/api/tickets', need(s.credential, 'Register first.'), { body: newTicket, expect: [403] }), 'It should have been refused.').json.error],
    ['Ask the person', async (s) => {
      const started = must(await post('A mail goes to the person. Look into the inbox.', here(discovered.claim_uri), { claim_token: need(s.claimToken, 'Register first.'), email: $('anonymous-email').value }), 'No mail was sent.');
      return started.json.status;
    }],
    ['Give the code back', complete, 'code'],
    ['Open a ticket with the same key', async (s) => `ticket ${must(await call('Same key, more scopes.', 'POST', '/api/tickets', need(s.credential, 'Register first.'), { body: newTicket, expect: [201] }), 'Refused.').json.id}`],
  ],
  email: [
    ['Register', async (s) => {
      await needDiscovery();
      const answer = must(await post('Only an address. The mail to its owner is on its way.', here(discovered.register_uri), {
        type: 'identity_assertion', assertion_type: 'verified_email', assertion: $('email-email').value, requested_credential_type: 'access_token',
      }), 'Not registered.');
      Object.assign(s, { claimToken: answer.json.claim_token, credential: undefined });
      return 'no credential yet';
    }],
    ['Give the code back', complete, 'code'],
    ['List customers', async (s) => `${must(await call('customers.read was granted with the claim.', 'GET', '/api/customers', need(s.credential, 'Finish the claim first.')), 'Refused.').json.length} customers`],
  ],
};

async function complete(s, code) {
  need(s.claimToken, 'Register first.');
  if (!code) throw new Stop('Open the link in the mail, press “Show the code”, and type the code here.');
  const answer = must(await post('The code shows that the reader of the mail and the agent’s user are one.', here(`${discovered.claim_uri}/complete`), { claim_token: s.claimToken, otp: code }), 'Not claimed.');
  if (answer.json.credential) s.credential = answer.json.credential;
  return answer.json.status;
}

function need(value, sentence) {
  if (!value) throw new Stop(sentence);
  return value;
}

function buildSteps() {
  for (const [name, steps] of Object.entries(flows)) {
    const list = document.querySelector(`[data-flow="${name}"] .steps`);
    steps.forEach(([title, run, kind], index) => {
      const item = element('li');
      const button = element('button', '', title);
      button.type = 'button';
      const result = element('span', 'result');
      item.append(button, result);
      let input;
      if (kind) {
        const entry = element('span', 'code-entry');
        const label = element('label', '', 'Code from the page');
        input = element('input');
        input.id = label.htmlFor = `${name}-code-${index}`;
        input.inputMode = 'numeric';
        input.autocomplete = 'one-time-code';
        entry.append(label, input);
        item.append(entry);
      }
      button.addEventListener('click', async () => {
        button.setAttribute('aria-busy', 'true');
        try {
          const said = await run(state[name], input?.value.trim());
          result.className = 'result good';
          result.textContent = said;
          $('status').textContent = `${title}: ${said}.`;
        } catch (problem) {
          result.className = 'result bad';
          result.textContent = problem instanceof Stop ? problem.message : 'No answer. Is the server still running?';
          $('status').textContent = result.textContent;
        } finally {
          button.removeAttribute('aria-busy');
          await refresh();
        }
      });
      list.append(item);
    });
  }
}

async function refresh() {
  try {
    const [inbox, audit] = await Promise.all([fetch('/demo/inbox').then((r) => r.json()), fetch('/demo/audit').then((r) => r.json())]);
    showInbox(inbox);
    showAudit(audit);
  } catch {
    $('status').textContent = 'The server does not answer.';
  }
}

function showInbox(mails) {
  const box = $('inbox');
  box.replaceChildren();
  if (mails.length === 0) box.append(element('p', 'hint', 'No mail yet.'));
  for (const mail of mails.slice(0, 5)) {
    const item = element('article', 'mail');
    item.append(element('h3', '', mail.subject), element('p', '', `to ${mail.to}`));
    if (mail.link) {
      const line = element('p');
      const link = element('a', '', 'Open the link in a new tab');
      link.href = here(mail.link);
      link.target = '_blank';
      link.rel = 'noopener';
      line.append(link);
      item.append(line);
    }
    const details = element('details');
    details.append(element('summary', '', 'Read the mail'), element('pre', '', mail.body));
    item.append(details);
    box.append(item);
  }
}

function showAudit(rows) {
  $('audit').replaceChildren(...rows.map((row) => {
    const line = element('tr');
    line.append(
      element('td', '', new Date(row.at).toLocaleTimeString()),
      element('td', '', row.name),
      element('td', '', row.outcome),
      element('td', '', row.registration ? `${row.registration.slice(0, 12)}…` : '–'));
    return line;
  }));
}

async function start() {
  buildSteps();
  $('clear').addEventListener('click', () => $('wire').replaceChildren());
  $('refresh-inbox').addEventListener('click', refresh);
  settings = await fetch('/demo/settings').then((r) => r.json());
  try {
    const users = await fetch(`${settings.provider}/users`).then((r) => r.json());
    $('user').replaceChildren(...users.map((user) => {
      const option = element('option', '', `${user.name} (${user.email})`);
      option.value = user.name;
      return option;
    }));
  } catch {
    $('status').textContent = `The demo provider at ${settings.provider} does not answer; the first flow needs it.`;
  }
  await refresh();
}

start();
