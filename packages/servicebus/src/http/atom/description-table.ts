/** Elements of descriptions in the order of the service's data contracts, each with its name in Resource Manager. */
export const descriptions = {
  queue: {
    root: 'QueueDescription',
    elements: [
      duration('LockDuration', 'lockDuration'),
      whole('MaxSizeInMegabytes', 'maxSizeInMegabytes'),
      flag('RequiresDuplicateDetection', 'requiresDuplicateDetection'),
      flag('RequiresSession', 'requiresSession'),
      duration('DefaultMessageTimeToLive', 'defaultMessageTimeToLive'),
      flag('DeadLetteringOnMessageExpiration', 'deadLetteringOnMessageExpiration'),
      duration('DuplicateDetectionHistoryTimeWindow', 'duplicateDetectionHistoryTimeWindow'),
      whole('MaxDeliveryCount', 'maxDeliveryCount'),
      flag('EnableBatchedOperations', 'enableBatchedOperations'),
      given('SizeInBytes'),
      given('MessageCount'),
      given('IsAnonymousAccessible'),
      given('AuthorizationRules'),
      text('Status', 'status'),
      target('ForwardTo', 'forwardTo'),
      text('UserMetadata', 'userMetadata'),
      given('CreatedAt'),
      given('UpdatedAt'),
      given('AccessedAt'),
      given('SupportOrdering'),
      given('CountDetails'),
      duration('AutoDeleteOnIdle', 'autoDeleteOnIdle'),
      flag('EnablePartitioning', 'enablePartitioning'),
      target('ForwardDeadLetteredMessagesTo', 'forwardDeadLetteredMessagesTo'),
      given('EntityAvailabilityStatus'),
      flag('EnableExpress', 'enableExpress'),
      whole('MaxMessageSizeInKilobytes', 'maxMessageSizeInKilobytes'),
    ],
  },
  topic: {
    root: 'TopicDescription',
    elements: [
      duration('DefaultMessageTimeToLive', 'defaultMessageTimeToLive'),
      whole('MaxSizeInMegabytes', 'maxSizeInMegabytes'),
      flag('RequiresDuplicateDetection', 'requiresDuplicateDetection'),
      duration('DuplicateDetectionHistoryTimeWindow', 'duplicateDetectionHistoryTimeWindow'),
      flag('EnableBatchedOperations', 'enableBatchedOperations'),
      given('SizeInBytes'),
      given('FilteringMessagesBeforePublishing'),
      given('IsAnonymousAccessible'),
      given('AuthorizationRules'),
      text('Status', 'status'),
      text('UserMetadata', 'userMetadata'),
      given('CreatedAt'),
      given('UpdatedAt'),
      given('AccessedAt'),
      flag('SupportOrdering', 'supportOrdering'),
      given('CountDetails'),
      given('SubscriptionCount'),
      duration('AutoDeleteOnIdle', 'autoDeleteOnIdle'),
      flag('EnablePartitioning', 'enablePartitioning'),
      given('EntityAvailabilityStatus'),
      given('EnableSubscriptionPartitioning'),
      flag('EnableExpress', 'enableExpress'),
      whole('MaxMessageSizeInKilobytes', 'maxMessageSizeInKilobytes'),
    ],
  },
  subscription: {
    root: 'SubscriptionDescription',
    elements: [
      duration('LockDuration', 'lockDuration'),
      flag('RequiresSession', 'requiresSession'),
      duration('DefaultMessageTimeToLive', 'defaultMessageTimeToLive'),
      flag('DeadLetteringOnMessageExpiration', 'deadLetteringOnMessageExpiration'),
      flag('DeadLetteringOnFilterEvaluationExceptions', 'deadLetteringOnFilterEvaluationExceptions'),
      given('DefaultRuleDescription'),
      given('MessageCount'),
      whole('MaxDeliveryCount', 'maxDeliveryCount'),
      flag('EnableBatchedOperations', 'enableBatchedOperations'),
      text('Status', 'status'),
      target('ForwardTo', 'forwardTo'),
      given('CreatedAt'),
      given('UpdatedAt'),
      given('AccessedAt'),
      given('CountDetails'),
      text('UserMetadata', 'userMetadata'),
      target('ForwardDeadLetteredMessagesTo', 'forwardDeadLetteredMessagesTo'),
      duration('AutoDeleteOnIdle', 'autoDeleteOnIdle'),
      given('EntityAvailabilityStatus'),
    ],
  },
} as const satisfies Record<string, Description>;

export interface Description {
  readonly root: string;
  readonly elements: readonly DescriptionElement[];
}

/** `given`: written by the service from elsewhere; not a property that is set. */
export type DescriptionElement =
  | { readonly kind: 'duration' | 'whole' | 'flag' | 'text' | 'target'; readonly name: string; readonly arm: string }
  | { readonly kind: 'given'; readonly name: string };

export type DescribedKind = keyof typeof descriptions;

function duration(name: string, arm: string): DescriptionElement {
  return { kind: 'duration', name, arm };
}

function whole(name: string, arm: string): DescriptionElement {
  return { kind: 'whole', name, arm };
}

function flag(name: string, arm: string): DescriptionElement {
  return { kind: 'flag', name, arm };
}

function text(name: string, arm: string): DescriptionElement {
  return { kind: 'text', name, arm };
}

/** Another entity: a URL in ATOM, a path in Resource Manager. */
function target(name: string, arm: string): DescriptionElement {
  return { kind: 'target', name, arm };
}

function given(name: string): DescriptionElement {
  return { kind: 'given', name };
}
