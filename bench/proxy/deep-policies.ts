/** Policies as a company has them, at all four scopes: correlation, claims-free routing, masking, limits, error shapes. */

export const globalPolicy = `<policies>
  <inbound>
    <set-variable name="correlation-id" value="@(context.Request.Headers.GetValueOrDefault("X-Correlation-Id", context.RequestId.ToString()))" />
    <set-header name="X-Correlation-Id" exists-action="override"><value>@((string)context.Variables["correlation-id"])</value></set-header>
    <choose>
      <when condition="@(context.Request.Headers.GetValueOrDefault("User-Agent", "").Contains("BadBot"))">
        <return-response><set-status code="403" reason="Forbidden" /></return-response>
      </when>
    </choose>
    <set-header name="X-Forwarded-Proto" exists-action="override"><value>@(context.Request.OriginalUrl.Scheme)</value></set-header>
    <set-header name="X-Forwarded-Host" exists-action="override"><value>@(context.Request.OriginalUrl.Host)</value></set-header>
  </inbound>
  <backend><forward-request timeout="30" /></backend>
  <outbound>
    <set-header name="X-Correlation-Id" exists-action="override"><value>@(context.Variables.GetValueOrDefault<string>("correlation-id"))</value></set-header>
    <set-header name="Strict-Transport-Security" exists-action="override"><value>max-age=31536000; includeSubDomains</value></set-header>
    <set-header name="X-Content-Type-Options" exists-action="override"><value>nosniff</value></set-header>
    <set-header name="X-Frame-Options" exists-action="override"><value>DENY</value></set-header>
    <set-header name="Server" exists-action="delete" />
    <set-header name="X-Powered-By" exists-action="delete" />
  </outbound>
  <on-error>
    <set-header name="X-Error-Source" exists-action="override"><value>@(context.LastError.Source)</value></set-header>
  </on-error>
</policies>`;

export const productPolicy = `<policies>
  <inbound>
    <base />
    <rate-limit calls="100000000" renewal-period="60" remaining-calls-header-name="X-Rate-Remaining" />
    <set-header name="X-Product" exists-action="override"><value>@(context.Product?.Name ?? "none")</value></set-header>
    <set-header name="X-Subscription" exists-action="override"><value>@(context.Subscription?.Id ?? "anonymous")</value></set-header>
  </inbound>
  <backend><base /></backend>
  <outbound><base /><set-header name="X-Plan" exists-action="override"><value>@(context.Product.Name.ToUpper())</value></set-header></outbound>
  <on-error><base /></on-error>
</policies>`;

export const apiPolicy = `<policies>
  <inbound>
    <base />
    <set-variable name="region" value="@{
      var header = context.Request.Headers.GetValueOrDefault("X-Region", "");
      if (string.IsNullOrEmpty(header)) { return "eu"; }
      return header.ToLowerInvariant();
    }" />
    <choose>
      <when condition="@((string)context.Variables["region"] == "us")"><set-header name="X-Backend-Region" exists-action="override"><value>us-east</value></set-header></when>
      <otherwise><set-header name="X-Backend-Region" exists-action="override"><value>@($"{context.Variables["region"]}-west")</value></set-header></otherwise>
    </choose>
    <set-query-parameter name="api-version" exists-action="skip"><value>2026-01-01</value></set-query-parameter>
  </inbound>
  <backend><base /></backend>
  <outbound><base /></outbound>
  <on-error><base /></on-error>
</policies>`;

export const operationPolicy = `<policies>
  <inbound>
    <base />
    <set-variable name="started" value="@(DateTime.UtcNow)" />
    <set-header name="X-Scopes" exists-action="override"><value>@(string.Join(",", context.Request.Headers.GetValueOrDefault("Accept", "").Split(',').Select(s => s.Trim()).Where(s => s.Length > 0)))</value></set-header>
  </inbound>
  <backend><base /></backend>
  <outbound>
    <base />
    <choose>
      <when condition="@(context.Response.StatusCode >= 400)"><set-header name="X-Failed" exists-action="override"><value>true</value></set-header></when>
    </choose>
    <set-header name="X-Elapsed" exists-action="override"><value>@(((int)(DateTime.UtcNow - (DateTime)context.Variables["started"]).TotalMilliseconds).ToString())</value></set-header>
  </outbound>
  <on-error><base /></on-error>
</policies>`;
