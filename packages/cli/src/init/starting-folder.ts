import { randomBytes } from 'node:crypto';

/** Paths and texts of the folder that `lazuli init` makes. The subscription's keys are new each time and stay out of Git. */
export function startingFolder(backendUrl: string): ReadonlyMap<string, string> {
  const key = () => randomBytes(16).toString('hex');
  return new Map([
    ['.gitignore', 'secrets.local.json\n'],
    [
      'secrets.local.json',
      json({ subscriptions: { developer: { primaryKey: key(), secondaryKey: key() } }, namedValues: {} }),
    ],
    ['policy.xml', globalPolicy],
    [
      'apis/hello/apiInformation.json',
      json({
        properties: {
          displayName: 'Hello',
          path: 'hello',
          serviceUrl: backendUrl,
          protocols: ['http', 'https'],
          subscriptionRequired: true,
        },
      }),
    ],
    ['apis/hello/specification.yaml', specification],
    ['apis/hello/operations/greet/policy.xml', greetPolicy],
    [
      'subscriptions/developer/subscriptionInformation.json',
      json({ properties: { displayName: 'Developer', scope: '/apis/hello', state: 'active' } }),
    ],
  ]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const globalPolicy = `<policies>
    <inbound />
    <backend>
        <forward-request timeout="30" />
    </backend>
    <outbound />
    <on-error />
</policies>
`;

const specification = `openapi: 3.1.0
info:
  title: Hello
  version: '1'
paths:
  /greet/{name}:
    get:
      operationId: greet
      summary: Greet somebody (answered by a policy, without a backend)
      parameters:
        - { name: name, in: path, required: true, schema: { type: string } }
      responses:
        '200': { description: A greeting. }
  /things:
    get:
      operationId: list-things
      summary: Sent to the backend
      responses:
        '200': { description: What the backend says. }
`;

const greetPolicy = `<policies>
    <inbound>
        <base />
        <return-response>
            <set-status code="200" reason="OK" />
            <set-header name="Content-Type" exists-action="override">
                <value>application/json</value>
            </set-header>
            <set-body>@{
                var name = context.Request.MatchedParameters["name"];
                return new JObject(new JProperty("greeting", $"Hello, {name}!")).ToString();
            }</set-body>
        </return-response>
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>
`;
