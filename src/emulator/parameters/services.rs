//! What the actions of the smaller products take.

use super::{Parameters, row};

pub(super) const ROWS: &[Parameters] = &[
    row(
        "kms",
        "Decrypt",
        "CiphertextBlob! DryRun EncryptionContext Recipient",
    ),
    row(
        "kms",
        "Encrypt",
        "DryRun EncryptionContext KeyId! Plaintext!",
    ),
    row("sts", "GetCallerIdentity", ""),
    row(
        "sts",
        "AssumeRole",
        "DurationSeconds# ExternalId Policy RoleArn! RoleSessionName! SourceIdentity",
    ),
    row(
        "sts",
        "AssumeRoleWithOIDC",
        "DurationSeconds# OIDCProviderArn OIDCToken Policy RoleArn RoleSessionName!",
    ),
    row("location", "DescribeEndpoints", "Id! ServiceCode! Type"),
    row(
        "bssopenapi",
        "QueryAvailableInstances",
        "CreateTimeEnd CreateTimeStart EndTimeEnd EndTimeStart InstanceIDs PageNum# PageSize# \
         ProductCode ProductType Region RenewStatus SubscriptionType",
    ),
    row(
        "resourcemanager",
        "CreateResourceGroup",
        "DisplayName! Name! Tag.N.Key Tag.N.Value",
    ),
    row(
        "resourcemanager",
        "GetResourceGroup",
        "IncludeTags? ResourceGroupId!",
    ),
    row(
        "resourcemanager",
        "ListResourceGroups",
        "DisplayName IncludeTags? Name PageNumber# PageSize# ResourceGroupId ResourceGroupIds.N \
         Status Tag.N.Key Tag.N.Value",
    ),
];
