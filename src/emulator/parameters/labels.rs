//! What the actions on tags and resource groups take.

use super::{Parameters, row};

pub(super) const ROWS: &[Parameters] = &[
    row(
        "ecs",
        "JoinResourceGroup",
        "RegionId ResourceGroupId ResourceId ResourceType",
    ),
    row(
        "ecs",
        "TagResources",
        "RegionId! ResourceId.N ResourceType! Tag.N.Key Tag.N.Value ResourceId.1! Tag.1.Key!",
    ),
    row(
        "ecs",
        "UntagResources",
        "All? RegionId! ResourceId.N ResourceType! TagKey.N ResourceId.1!",
    ),
    row(
        "ecs",
        "ListTagResources",
        "NextToken RegionId! ResourceId.N ResourceType! Tag.N.Key Tag.N.Value \
         TagFilter.N.TagKey TagFilter.N.TagValues.N",
    ),
    row(
        "ecs",
        "DescribeTags",
        "Category PageNumber# PageSize# RegionId! ResourceId ResourceType Tag.N.Key \
         Tag.N.Value Tag.N.key Tag.N.value",
    ),
    row(
        "ecs",
        "DescribeResourceByTags",
        "PageNumber# PageSize# RegionId! ResourceType Tag.N.Key Tag.N.Value Tag.N.key \
         Tag.N.value",
    ),
    row("ecs", "AddTags", ONE_OBJECTS),
    row("ecs", "RemoveTags", ONE_OBJECTS),
    row(
        "vpc",
        "DescribeTags",
        "MaxResult# NextToken RegionId! ResourceId.N ResourceType Tag.N.Key Tag.N.Value",
    ),
];

/// What the older actions on the tags of one object take.
const ONE_OBJECTS: &str = "RegionId! ResourceId! ResourceType! Tag.N.Key Tag.N.Value Tag.N.key \
    Tag.N.value";
