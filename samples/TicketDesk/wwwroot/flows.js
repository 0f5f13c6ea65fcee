// The three ways to register, as steps. A step's `run` sends its requests and keeps in `state` what the next ones need; whatever it
// returns is shown as what the agent has learned. A step with `when` is there only if that holds once its turn has come.
import { element } from './dom.js';
import { decode, pretty, resourceMetadataIn, send, WireError } from './wire.js';
import { findMail, showMail } from './panels.js';

const ID_JAG = 'urn:ietf:params:oauth:token-type:id-jag';
const MAIL_PATIENCE = 10_000;
const MAIL_POLL = 250;

export const flows = [
  {
    id: 'verified',
    name: 'Agent verified',
    summary: 'The agent’s provider vouches for its user with a signed ID-JAG. The service answers at once, without a mail, and the provider can take the access back.',
    steps: [
      {
        title: 'Call the API without a credential',
        why: 'The agent knows nothing but the URL. The 401 tells it where to read on.',
        action: 'Call the API',
        run: callWithout,
      },
      {
        title: 'Read what protects the resource',
        why: 'The protected-resource metadata (RFC 9728) names the scopes and the authorization server.',
        action: 'Follow resource_metadata',
        run: readResource,
      },
      {
        title: 'Read how agents register',
        why: 'The authorization-server metadata (RFC 8414) has an agent_auth block: the endpoints, and the kinds of registration offered.',
        action: 'Read the metadata',
        run: readServer,
      },
      {
        title: 'Have the provider sign an ID-JAG',
        why: 'The provider knows its user. It signs a short-lived assertion, good once and for this service only. Carol’s address is not verified: try what the service says to that.',
        action: 'Mint an ID-JAG',
        fields: [{ name: 'user', label: 'The agent works for', options: ['alice', 'bob', 'carol'] }],
        async run(state, show) {
          const answer = await send(show, 'POST', `${state.provider}/id-jag`, { json: { user: state.user, audience: state.issuer } });
          state.assertion = answer.body.assertion;
          const [header, claims] = decode(state.assertion);
          return element('div', { class: 'decoded' },
            element('h3', {}, 'The ID-JAG, decoded'),
            element('pre', {}, `${pretty(header)}\n${pretty(claims)}`));
        },
      },
      {
        title: 'Register with it',
        why: 'The service checks signature, audience, age and the single use, finds or makes the account, and issues a credential.',
        action: 'Register',
        async run(state, show) {
          state.email = decode(state.assertion)[1].email;
          state.mailsBefore = await countMails(state.email);
          const { status, body } = await registerWithAssertion(state, show, 200, 401);
          state.asksOwner = status === 401;
          if (state.asksOwner) {
            state.claimToken = body.claim_token;
            return `${state.email} is known here, and the provider’s word alone does not open its account: the owner is asked first.`;
          }

          keepCredential(state, body);
          return `The agent holds an access token with ${scopes(body.scopes)}.`;
        },
      },
      { ...openMail(), when: state => state.asksOwner },
      {
        ...complete((state, body) => {
          keepCredential(state, body);
          return `Confirmed. The agent holds an access token with ${scopes(body.scopes)}, and needs no confirmation the next time.`;
        }),
        when: state => state.asksOwner,
      },
      {
        title: 'List the tickets',
        why: 'The same call as in the first step, now with the credential.',
        action: 'List tickets',
        run: listTickets,
      },
      {
        title: 'Create a ticket',
        why: 'Its registration has all scopes, so it may write as well.',
        action: 'Create a ticket',
        run: (state, show) => createTicket(state, show, 201),
      },
      {
        title: 'Try to use the ID-JAG again',
        why: 'Somebody who copied it from a log would do this. An ID-JAG is good once.',
        action: 'Replay it',
        async run(state, show) {
          await registerWithAssertion(state, show, 400);
          return 'Refused as a replay. The credential from before goes on working.';
        },
      },
      {
        title: 'The provider takes the access back',
        why: 'Its user left, or lost the laptop. The provider signs a logout token and posts it to revocation_uri; you see what the provider was told.',
        action: 'Revoke',
        async run(state, show) {
          const answer = await send(show, 'POST', `${state.provider}/logout`, {
            json: { user: state.user, audience: state.issuer, revocation_uri: state.revocationUri },
          });
          if (answer.body.status !== 200) {
            throw new WireError(`The service answered the provider with ${answer.body.status}: ${answer.body.answer}`);
          }

          return `The service answered the provider with 200: ${answer.body.answer}`;
        },
      },
      {
        title: 'Call the API once more',
        why: 'All that was issued for this user was dead before the provider had its answer.',
        action: 'Call the API',
        async run(state, show) {
          await send(show, 'GET', state.api, { credential: state.credential, expect: 401 });
          return 'The credential is dead, and the 401 leads back to the start. That is the whole life of an agent’s access.';
        },
      },
    ],
  },
  {
    id: 'anonymous',
    name: 'Anonymous start',
    summary: 'The agent begins by itself with a key that can do little. When it needs more, a person claims the registration, and the same key gains the rest.',
    steps: [
      discover(),
      {
        title: 'Register for nobody yet',
        why: 'No assertion, no address. The answer has a key with the pre-claim scopes, and a claim token for later.',
        action: 'Register',
        async run(state, show) {
          const { body } = await send(show, 'POST', state.registerUri, { json: { type: 'anonymous', requested_credential_type: 'api_key' } });
          keepCredential(state, body);
          state.claimToken = body.claim_token;
          return `The key has ${scopes(body.scopes)}. After a claim it would have ${scopes(body.post_claim_scopes)}.`;
        },
      },
      {
        title: 'Read with the key',
        why: 'tickets.read is a pre-claim scope.',
        action: 'List tickets',
        run: listTickets,
      },
      {
        title: 'Try to write with the key',
        why: 'tickets.write is granted after the claim only.',
        action: 'Create a ticket',
        async run(state, show) {
          await createTicket(state, show, 403);
          return 'The 403 names the scope that is missing. The agent now has a reason to ask its person.';
        },
      },
      {
        title: 'Ask a person to claim it',
        why: 'The agent asks its person for an address. The service mails a link there.',
        action: 'Start the claim',
        fields: [{ name: 'email', label: 'Your address', type: 'email', value: 'dana@example.com' }],
        async run(state, show) {
          state.mailsBefore = await countMails(state.email);
          await send(show, 'POST', state.claimUri, { json: { claim_token: state.claimToken, email: state.email } });
          return `A mail to ${state.email} is on its way.`;
        },
      },
      openMail(),
      complete(() => 'Claimed. No new key: the one that the agent has can do more now.'),
      {
        title: 'Write with the same key',
        why: 'What was 403 before.',
        action: 'Create a ticket',
        run: (state, show) => createTicket(state, show, 201),
      },
    ],
  },
  {
    id: 'email',
    name: 'Email first',
    summary: 'The agent names its person’s address and gets nothing until that person has confirmed by mail.',
    steps: [
      discover(),
      {
        title: 'Register with an address',
        why: 'The answer holds no credential, and is the same whether or not the service knows the address.',
        action: 'Register',
        fields: [{ name: 'email', label: 'Your address', type: 'email', value: 'erin@example.com' }],
        async run(state, show) {
          state.mailsBefore = await countMails(state.email);
          const { body } = await send(show, 'POST', state.registerUri, {
            json: { type: 'identity_assertion', assertion_type: 'verified_email', assertion: state.email, requested_credential_type: 'api_key' },
          });
          state.claimToken = body.claim_token;
          return `Nothing yet. After the claim: ${scopes(body.post_claim_scopes)}.`;
        },
      },
      openMail(),
      complete((state, body) => {
        keepCredential(state, body);
        return `Here is the credential, with ${scopes(body.scopes)}.`;
      }),
      {
        title: 'Use it',
        why: 'customers.read is granted after the claim only, so this works for agents that a person stands behind.',
        action: 'List customers',
        async run(state, show) {
          const { body } = await send(show, 'GET', new URL('/api/customers', state.api).href, { credential: state.credential });
          return `${body.length} customers.`;
        },
      },
    ],
  },
];

function discover() {
  return {
    title: 'Find out how to register',
    why: 'A call without a credential leads to the metadata of the resource, and that to the metadata of the authorization server.',
    action: 'Discover',
    async run(state, show) {
      await callWithout(state, show);
      await readResource(state, show);
      return readServer(state, show);
    },
  };
}

function openMail() {
  return {
    title: 'Open the mail',
    why: 'You are the person now. The link opens the service’s own page in a new tab. It says who asks for what, and shows a code, or lets you refuse.',
    action: 'Look into the inbox',
    async run(state) {
      return element('div', {}, showMail(await waitForMail(state.email, state.mailsBefore), { open: true }));
    },
  };
}

function complete(learned) {
  return {
    title: 'Give the code to the agent',
    why: 'Whoever opened the mail saw the code; whoever tells it to the agent trusts the agent. That ties the two together.',
    action: 'Complete the claim',
    fields: [{ name: 'code', label: 'The code from the page', inputmode: 'numeric', autocomplete: 'one-time-code', placeholder: '123 456' }],
    async run(state, show) {
      const { body } = await send(show, 'POST', `${state.claimUri}/complete`, { json: { claim_token: state.claimToken, otp: state.code } });
      return learned(state, body);
    },
  };
}

async function callWithout(state, show) {
  const answer = await send(show, 'GET', state.api, { expect: 401 });
  state.resourceMetadata = resourceMetadataIn(answer.headers);
  const home = new URL(state.resourceMetadata).origin;
  if (home !== location.origin) {
    throw new WireError(`The service calls itself ${home}, but you reached it at ${location.origin}. Open ${home}, or set AgentAuth:Issuer and AgentAuth:Resource.`);
  }

  return 'The WWW-Authenticate header names the document to read next.';
}

async function readResource(state, show) {
  const { body } = await send(show, 'GET', state.resourceMetadata);
  state.issuer = body.authorization_servers[0];
  return `Tokens for ${body.resource} come from ${state.issuer}.`;
}

async function readServer(state, show) {
  const issuer = new URL(state.issuer);
  const path = issuer.pathname.replace(/\/$/, '');
  const { body } = await send(show, 'GET', `${issuer.origin}/.well-known/oauth-authorization-server${path}`);
  if (body.issuer !== state.issuer) {
    throw new WireError(`The metadata speaks for ${body.issuer}, not for ${state.issuer}. An agent must stop here.`);
  }

  state.registerUri = body.agent_auth.register_uri;
  state.claimUri = body.agent_auth.claim_uri;
  state.revocationUri = body.agent_auth.revocation_uri;
  return `Agents register at ${state.registerUri}.`;
}

function registerWithAssertion(state, show, expect, or) {
  return send(show, 'POST', state.registerUri, {
    json: { type: 'identity_assertion', assertion_type: ID_JAG, assertion: state.assertion, requested_credential_type: 'access_token' },
    expect,
    or,
  });
}

async function listTickets(state, show) {
  const { body } = await send(show, 'GET', state.api, { credential: state.credential });
  return `${body.length} tickets.`;
}

async function createTicket(state, show, expect) {
  const { body } = await send(show, 'POST', state.api, { credential: state.credential, json: { title: 'Written by an agent' }, expect });
  return `Ticket ${body.id} is there.`;
}

function keepCredential(state, body) {
  state.credential = body.credential;
}

function scopes(names) {
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

async function countMails(address) {
  return (await findMail(address)).length;
}

// The mail is sent behind the answer, so it comes a moment later.
async function waitForMail(address, already) {
  for (let waited = 0; waited < MAIL_PATIENCE; waited += MAIL_POLL) {
    const mails = await findMail(address);
    if (mails.length > already) {
      return mails[0];
    }

    await new Promise(resolve => setTimeout(resolve, MAIL_POLL));
  }

  throw new WireError(`No new mail to ${address} came within ${MAIL_PATIENCE / 1000} seconds. The log of the service says why.`);
}
