import { escapeAttribute, escapeText } from '../xml/write-xml.ts';
import type { RequestTemplate } from './request-template.ts';

export interface RestPolicy {
  /** Path of the SOAP service at its host. */
  readonly path: string;
  readonly action: string;
  readonly soapVersion: '1.1' | '1.2';
  readonly request: RequestTemplate;
  /** Null for one-way operations. */
  readonly response: string | null;
}

/** The policy of a REST operation that stands for a SOAP operation, in the form that Azure's import writes. */
export function restPolicy({ path, action, soapVersion, request, response }: RestPolicy): string {
  const contentType =
    soapVersion === '1.1' ? 'text/xml' : `application/soap+xml; charset=utf-8; action="${action.replaceAll('"', '')}"`;
  const actionHeader = soapVersion === '1.1' ? header('SOAPAction', `"${action.replaceAll('"', '')}"`) : '';
  const body = request.isXml ? indent(request.text, 3) : `<![CDATA[${request.text.replaceAll(']]>', '')}]]>`;
  return document(
    `${rewrite(path)}
    <set-method>POST</set-method>${actionHeader}
    <set-body template="liquid" parse-date="false">
${body}
    </set-body>${header('Content-Type', contentType)}`,
    `
    <choose>
      <when condition="@(context.Response.StatusCode &lt; 400)">
        <set-body template="liquid" xsi-nil="null" parse-date="false">
${escapeText(response ?? '{ }')}
        </set-body>
      </when>
      <otherwise>
        <set-variable name="soap-response" value="@(context.Response.Body.As&lt;string&gt;(preserveContent: true))" />
        <set-body template="liquid">
${escapeText(soapVersion === '1.1' ? faultTemplate('faultcode', 'faultstring') : faultTemplate('code.value', 'reason.text'))}
        </set-body>
      </otherwise>
    </choose>${header('Content-Type', 'application/json')}`,
  );
}

/** SOAP that stays SOAP goes to the path of the service, without the action that chose the operation. */
export function passThroughPolicy(path: string): string {
  return document(rewrite(path), '');
}

const rewrite = (path: string): string =>
  `\n    <rewrite-uri template="${escapeAttribute(path)}" copy-unmatched-params="false" />`;

const header = (name: string, value: string): string => `
    <set-header name="${name}" exists-action="override">
      <value>${escapeText(value)}</value>
    </set-header>`;

/** Errors as the Microsoft REST API guidelines want them. */
const faultTemplate = (code: string, message: string): string => `{% if body.envelope.body.fault %}
{
  "error": {
    "code": {{ body.envelope.body.fault.${code} | Append: "" | json }},
    "message": {{ body.envelope.body.fault.${message} | Append: "" | json }}
  }
}
{% else %}
{
  "error": {
    "code": "InvalidErrorResponseBody",
    "message": {{ "The error response body was not a valid SOAP error response. The response body was: '" | Append: context.Variables["soap-response"] | Append: "'." | json }}
  }
}
{% endif %}`;

const document = (inbound: string, outbound: string): string => `<policies>
  <inbound>
    <base />${inbound}
  </inbound>
  <backend>
    <base />
  </backend>
  <outbound>
    <base />${outbound}
  </outbound>
  <on-error>
    <base />
  </on-error>
</policies>`;

function indent(text: string, levels: number): string {
  const pad = '  '.repeat(levels);
  return text.replace(/^(?=.)/gm, pad);
}
