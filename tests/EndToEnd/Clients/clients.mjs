// OAuth clients that others have written, against a service that runs. Each case ends with a call of the API; the output is a list of
// { name, error }, where no error is success.
import assert from 'node:assert/strict'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import * as sdk from '@modelcontextprotocol/sdk/client/auth.js'
import * as mcp from '@modelcontextprotocol/client'

const { service, exchange, id, secret, publicId, key } = JSON.parse(process.argv[2])
const tickets = new URL('/api/tickets', service)
const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const http = { [oauth.allowInsecureRequests]: true }
const results = []

async function test(name, run) {
  try {
    await run()
    results.push({ name })
  } catch (error) {
    results.push({ name, error: `${error?.stack ?? error}\n${JSON.stringify(error?.cause ?? null)}` })
  }
}

// What the person's company gives for a session: an ID-JAG (RFC 8693).
async function idJag(client, audience, resource, scope) {
  const { jwtAuthGrant } = await mcp.requestJwtAuthorizationGrant({
    tokenEndpoint: exchange, audience, resource, idToken: 'a session', clientId: `idp-${client}`, scope,
  })
  return jwtAuthGrant
}

async function call(token, method = 'GET') {
  const response = await fetch(tickets, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: method === 'POST' ? JSON.stringify({ title: 'From a client of OAuth' }) : undefined,
  })
  await response.text()
  return response.status
}

const privateKey = await crypto.subtle.importKey('jwk', key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
const signer = { key: privateKey, kid: key.kid }

// From the 401 to the metadata, as each library does it.
async function challenged() {
  const response = await fetch(tickets)
  assert.equal(response.status, 401)
  return response
}

const methods = {
  client_secret_post: [id, oauth.ClientSecretPost(secret), openid.ClientSecretPost(secret)],
  client_secret_basic: [id, oauth.ClientSecretBasic(secret), openid.ClientSecretBasic(secret)],
  private_key_jwt: [id, oauth.PrivateKeyJwt(signer), openid.PrivateKeyJwt(signer)],
  none: [publicId, oauth.None(), openid.None()],
}

async function discover() {
  const response = await challenged()
  const url = mcp.extractResourceMetadataUrl(response)
  const resource = await oauth.processResourceDiscoveryResponse(new URL(service), await oauth.resourceDiscoveryRequest(new URL(service), http))
  assert.equal(url.href, new URL('/.well-known/oauth-protected-resource', service).href)
  const issuer = new URL(resource.authorization_servers[0])
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...http }))
  return { resource, server }
}

for (const [method, [client, authentication]] of Object.entries(methods)) {
  await test(`oauth4webapi ${method}`, async () => {
    const { resource, server } = await discover()
    assert.ok(server.token_endpoint_auth_methods_supported.includes(method))
    assert.ok(server.revocation_endpoint_auth_methods_supported.includes(method))
    assert.ok(server.grant_types_supported.includes(grant))
    const assertion = await idJag(client, server.issuer, resource.resource, 'tickets.read')
    const parameters = { assertion, scope: 'tickets.read', resource: resource.resource }
    const me = { client_id: client }
    const token = await oauth.processGenericTokenEndpointResponse(
      server, me, await oauth.genericTokenEndpointRequest(server, me, authentication, grant, parameters, http))
    assert.equal(token.scope, 'tickets.read')
    const answer = await oauth.protectedResourceRequest(token.access_token, 'GET', tickets, undefined, undefined, http)
    assert.equal(answer.status, 200)
    assert.equal(await call(token.access_token, 'POST'), 403)
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, me, authentication, token.access_token, http))
    assert.equal(await call(token.access_token), 401)
    // RFC 7009 section 2.2: what is over already is answered the same.
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, me, authentication, token.access_token, http))
  })
}

for (const [method, [client, , authentication]] of Object.entries(methods)) {
  await test(`openid-client ${method}`, async () => {
    const configuration = await openid.discovery(
      new URL(service), client, undefined, authentication, { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] })
    const assertion = await idJag(client, configuration.serverMetadata().issuer, service)
    const token = await openid.genericGrantRequest(configuration, grant, { assertion, scope: 'tickets.read tickets.write' })
    assert.deepEqual(token.scope.split(' ').sort(), ['tickets.read', 'tickets.write'])
    const answer = await openid.fetchProtectedResource(configuration, token.access_token, tickets, 'GET')
    assert.equal(answer.status, 200)
    assert.equal(await call(token.access_token, 'POST'), 201)
    await openid.tokenRevocation(configuration, token.access_token, { token_type_hint: 'access_token' })
    assert.equal(await call(token.access_token), 401)
  })
}

for (const [name, library] of Object.entries({ sdk, client: mcp })) {
  await test(`@modelcontextprotocol/${name} discovery`, async () => {
    const challenge = library.extractWWWAuthenticateParams(await challenged())
    assert.equal(challenge.resourceMetadataUrl.href, new URL('/.well-known/oauth-protected-resource', service).href)
    assert.equal(challenge.scope, 'tickets.read')
    const resource = await library.discoverOAuthProtectedResourceMetadata(tickets, { resourceMetadataUrl: challenge.resourceMetadataUrl })
    assert.equal(new URL(resource.resource).href, new URL(service).href)
    const server = await library.discoverAuthorizationServerMetadata(resource.authorization_servers[0])
    assert.equal(server.token_endpoint, new URL('/oauth2/token', service).href)
    assert.equal(library.selectClientAuthMethod({ client_id: id, client_secret: secret }, server.token_endpoint_auth_methods_supported), 'client_secret_basic')
    const found = await library.discoverOAuthServerInfo(tickets, { resourceMetadataUrl: challenge.resourceMetadataUrl })
    assert.equal(found.authorizationServerMetadata.issuer, server.issuer)
  })
}

for (const [authMethod, client] of [['client_secret_basic', id], ['client_secret_post', id], ['none', publicId]]) {
  await test(`@modelcontextprotocol/client exchangeJwtAuthGrant ${authMethod}`, async () => {
    const server = await mcp.discoverAuthorizationServerMetadata(service)
    const jwtAuthGrant = await idJag(client, server.issuer, service, 'tickets.read')
    const tokens = await mcp.exchangeJwtAuthGrant({
      tokenEndpoint: server.token_endpoint, jwtAuthGrant, clientId: client, clientSecret: authMethod === 'none' ? undefined : secret, authMethod,
    })
    assert.equal(tokens.scope, 'tickets.read')
    assert.equal(await call(tokens.access_token), 200)
  })
}

await test('@modelcontextprotocol/client CrossAppAccessProvider', async () => {
  const challenge = mcp.extractWWWAuthenticateParams(await challenged())
  const provider = new mcp.CrossAppAccessProvider({
    assertion: context => idJag(id, context.authorizationServerUrl, context.resourceUrl, context.scope),
    clientId: id,
    clientSecret: secret,
    expectedIssuer: service,
  })
  const outcome = await mcp.auth(provider, { serverUrl: tickets, resourceMetadataUrl: challenge.resourceMetadataUrl, scope: challenge.scope })
  assert.equal(outcome, 'AUTHORIZED')
  assert.equal(provider.tokens().scope, 'tickets.read')
  assert.equal(await call(provider.tokens().access_token), 200)
})

// One document for all readers at once: libraries above, and what scanners of auth.md look for.
await test('metadata', async () => {
  const { resource, server } = await discover()
  for (const library of [sdk, mcp]) {
    assert.equal((await library.discoverAuthorizationServerMetadata(service)).issuer, server.issuer)
    assert.equal((await library.discoverOAuthProtectedResourceMetadata(service)).resource, resource.resource)
  }
  assert.deepEqual(resource.bearer_methods_supported, ['header'])
  assert.deepEqual(server.bearer_methods_supported, ['header'])
  assert.deepEqual(server.response_types_supported, [])
  assert.deepEqual(server.authorization_grant_profiles_supported, ['urn:ietf:params:oauth:grant-profile:id-jag'])
  const agents = server.agent_auth
  for (const member of ['skill', 'register_uri', 'claim_uri', 'revocation_uri']) {
    assert.equal(new URL(agents[member]).origin, new URL(service).origin, member)
  }
  for (const type of agents.identity_types_supported) {
    assert.ok(agents[type].credential_types_supported.length > 0, type)
  }
  for (const page of [server.authorization_endpoint, agents.skill]) {
    assert.notEqual((await fetch(page)).status, 404)
  }
})

process.stdout.write(JSON.stringify(results))
