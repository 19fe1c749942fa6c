import { expect, it } from 'vitest';
import { compilePolicy } from '../testing/index.ts';

/** As they stand in published documents. */
const samples: Readonly<Record<string, string>> = {
  'get-authorization-context':
    '<get-authorization-context provider-id="github" authorization-id="auth" context-variable-name="auth-context" identity-type="managed" ignore-error="false" />',
  'set-graphql-resolver': `<set-graphql-resolver parent-type="Query" field="user">
    <http-data-source>
      <http-request><set-method>GET</set-method><set-url>@($"https://example.com/{context.GraphQL.Arguments["id"]}")</set-url></http-request>
    </http-data-source>
  </set-graphql-resolver>`,
  'validate-graphql-request': `<validate-graphql-request error-variable-name="e" max-size="102400" max-depth="4">
    <authorize><rule path="/__*" action="reject" /></authorize>
  </validate-graphql-request>`,
  'xsl-transform': `<xsl-transform>
    <parameter name="User-Agent">@(context.Request.Headers.GetValueOrDefault("User-Agent","none"))</parameter>
    <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
      <xsl:output method="xml" indent="yes" />
      <xsl:template match="* | @* | node()"><xsl:copy><xsl:if test="self::*"><xsl:attribute name="a">x</xsl:attribute></xsl:if></xsl:copy></xsl:template>
    </xsl:stylesheet>
  </xsl-transform>`,
};

it.each(Object.entries(samples))('%s is named, with what to do instead, and nothing else is wrong', (name, text) => {
  const { compiled, problems } = compilePolicy(`<policies>\n<inbound>\n${text}\n</inbound>\n</policies>`);
  expect(compiled).toBeNull();
  expect(problems.map(({ code, line, message }) => [code, line, message])).toEqual([
    [
      'PolicyNotSupported',
      3,
      expect.stringMatching(`The policy '${name}' is known but not supported by this version of Lazuli\\. [A-Z].+\\.`),
    ],
  ]);
});

it.each(['http-data-source', 'sql-data-source', 'cosmosdb-data-source'])(
  'the document of a resolver is named too: %s',
  (name) => {
    const { problems } = compilePolicy(`<${name}><request /></${name}>`);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(`The policy '${name}' is known but not supported.* GraphQL resolver`),
    ]);
  },
);
