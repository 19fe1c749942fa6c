import type { ResourceProvider } from '../contract.ts';
import { validationError } from './errors.ts';
import { serveExport } from './export/export-api.ts';
import type { GatewayRuntime } from './gateway-runtime.ts';
import { readOnlyLists } from './lists.ts';
import { networkStatus } from './network-status.ts';
import { providerActions } from './provider-actions.ts';
import { quotas } from './quotas.ts';
import { refusedTypes } from './refused-types.ts';
import { reports } from './reports.ts';
import { api } from './types/api.ts';
import { apiDiagnostic } from './types/api-diagnostic.ts';
import { apiIssue } from './types/api-issue.ts';
import { apiIssueAttachment } from './types/api-issue-attachment.ts';
import { apiIssueComment } from './types/api-issue-comment.ts';
import { apiOperation } from './types/api-operation.ts';
import { apiOperationPolicy } from './types/api-operation-policy.ts';
import { apiOperationTag } from './types/api-operation-tag.ts';
import { apiPolicy } from './types/api-policy.ts';
import { apiRelease } from './types/api-release.ts';
import { apiResolver } from './types/api-resolver.ts';
import { apiSchema } from './types/api-schema.ts';
import { apiTag } from './types/api-tag.ts';
import { apiTagDescription } from './types/api-tag-description.ts';
import { apiVersionSet } from './types/api-version-set.ts';
import { apiWiki } from './types/api-wiki.ts';
import { authorizationServer } from './types/authorization-server.ts';
import { backend } from './types/backend.ts';
import { cache } from './types/cache.ts';
import { certificate } from './types/certificate.ts';
import { contentItem } from './types/content-item.ts';
import { contentType } from './types/content-type.ts';
import { deletedService } from './types/deleted-service.ts';
import { diagnostic } from './types/diagnostic.ts';
import { diagnosticLoggers } from './types/diagnostic-logger.ts';
import { documentation } from './types/documentation.ts';
import { emailTemplate } from './types/email-template.ts';
import { gateway } from './types/gateway.ts';
import { gatewayApi } from './types/gateway-api.ts';
import { gatewayCertificateAuthority } from './types/gateway-certificate-authority.ts';
import { gatewayHostnameConfiguration } from './types/gateway-hostname-configuration.ts';
import { group } from './types/group.ts';
import { groupUser } from './types/group-user.ts';
import { identityProvider } from './types/identity-provider.ts';
import { logger } from './types/logger.ts';
import { namedValue } from './types/named-value.ts';
import { notification } from './types/notification.ts';
import { notificationEmail } from './types/notification-email.ts';
import { notificationUser } from './types/notification-user.ts';
import { openIdConnectProvider } from './types/openid-connect-provider.ts';
import { policyFragment } from './types/policy-fragment.ts';
import { policyRestriction } from './types/policy-restriction.ts';
import { portalConfig } from './types/portal-config.ts';
import { portalSetting } from './types/portal-setting.ts';
import { product } from './types/product.ts';
import { productApi } from './types/product-api.ts';
import { productApiLink } from './types/product-api-link.ts';
import { productGroup } from './types/product-group.ts';
import { productGroupLink } from './types/product-group-link.ts';
import { productPolicy } from './types/product-policy.ts';
import { productTag } from './types/product-tag.ts';
import { productWiki } from './types/product-wiki.ts';
import { schema } from './types/schema.ts';
import { service } from './types/service.ts';
import { servicePolicy } from './types/service-policy.ts';
import { subscription } from './types/subscription.ts';
import { tag } from './types/tag.ts';
import { tagApiLink } from './types/tag-api-link.ts';
import { tagOperationLink } from './types/tag-operation-link.ts';
import { tagProductLink } from './types/tag-product-link.ts';
import { tenantAccess } from './types/tenant-access.ts';
import { user } from './types/user.ts';

/** API Management: a service and everything below it. What the gateways do not tell it is refused. */
export const createApiManagement = (runtime: GatewayRuntime): ResourceProvider => ({
  namespace: 'Microsoft.ApiManagement',
  displayName: 'Microsoft API Management',
  apiVersions: [
    '2025-09-01-preview',
    '2025-03-01-preview',
    '2024-10-01-preview',
    '2024-06-01-preview',
    '2024-05-01',
    '2023-09-01-preview',
    '2023-05-01-preview',
    '2023-03-01-preview',
    '2022-09-01-preview',
    '2022-08-01',
    '2022-04-01-preview',
    '2021-12-01-preview',
    '2021-08-01',
    '2021-04-01-preview',
    '2021-01-01-preview',
    '2020-12-01',
    '2020-06-01-preview',
    '2019-12-01',
    '2019-12-01-preview',
    '2019-01-01',
    '2018-06-01-preview',
    '2018-01-01',
    '2017-03-01',
    '2016-10-10',
    '2016-07-07',
    '2015-09-15',
    '2014-02-14',
  ],
  types: [
    service,
    servicePolicy,
    policyFragment,
    policyRestriction,
    namedValue(runtime),
    backend,
    certificate(runtime),
    logger,
    diagnostic,
    ...diagnosticLoggers,
    cache,
    schema,
    apiVersionSet,
    api,
    apiPolicy,
    apiDiagnostic,
    apiSchema,
    apiOperation,
    apiOperationPolicy,
    apiOperationTag,
    apiTag,
    apiTagDescription,
    apiRelease,
    apiResolver,
    apiWiki,
    apiIssue,
    apiIssueComment,
    apiIssueAttachment,
    product,
    productPolicy,
    productApi,
    productApiLink,
    productGroup,
    productGroupLink,
    productTag,
    productWiki,
    subscription,
    user,
    group,
    groupUser,
    tag,
    tagApiLink,
    tagOperationLink,
    tagProductLink,
    gateway(runtime),
    gatewayApi,
    gatewayCertificateAuthority,
    gatewayHostnameConfiguration,
    authorizationServer,
    openIdConnectProvider,
    identityProvider,
    documentation,
    contentType,
    contentItem,
    emailTemplate,
    notification,
    notificationEmail,
    notificationUser,
    portalSetting,
    portalConfig,
    tenantAccess,
    deletedService,
    ...networkStatus,
    ...readOnlyLists,
    reports(runtime),
    ...quotas(runtime),
    ...refusedTypes,
  ],
  actions: providerActions,
  open: [serveExport],
  validationError,
});

/** Without gateways beside it. */
export const apiManagement: ResourceProvider = createApiManagement({});
