//! What is sold: zones, images, instance types.

use super::Case;

pub const ZONES: &str = "alicloud_zones";
pub const IMAGES: &str = "alicloud_images";
pub const TYPES: &str = "alicloud_instance_types";

pub const CASES: &[Case] = &[
    (
        ZONES,
        "",
        "length(it.ids) == 8 && it.ids == sort(it.ids) && it.zones[0].local_name == null",
    ),
    (
        ZONES,
        "enable_details = true",
        "it.zones[0].local_name != \"\" && contains(it.zones[0].available_instance_types, \"ecs.g7.large\")",
    ),
    (
        ZONES,
        "available_instance_type = \"ecs.n4.large\"",
        "length(it.ids) == 4",
    ),
    (
        ZONES,
        "available_resource_creation = \"VSwitch\"",
        "length(it.ids) == 8",
    ),
    (
        ZONES,
        "available_disk_category = \"cloud_essd\"",
        "length(it.ids) > 0",
    ),
    (
        ZONES,
        "instance_charge_type = \"PrePaid\"",
        "length(it.ids) > 0",
    ),
    (ZONES, "network_type = \"Vpc\"", "length(it.ids) == 8"),
    (
        ZONES,
        "spot_strategy = \"SpotAsPriceGo\"",
        "length(it.ids) > 0",
    ),
    (ZONES, "multi = false", "length(it.ids) == 8"),
    (
        ZONES,
        "available_slb_address_type = \"Vpc\"\navailable_slb_address_ip_version = \"ipv4\"",
        "length(it.ids) == 8",
    ),
    (ZONES, "output_file = \"it.json\"", "length(it.ids) == 8"),
    (
        IMAGES,
        "owners = \"self\"\noutput_file = \"it.json\"",
        "length(it.ids) == 0",
    ),
    (
        TYPES,
        "instance_type = \"ecs.g7.large\"\noutput_file = \"it.json\"",
        "length(it.ids) == 1",
    ),
    (
        IMAGES,
        "owners = \"system\"",
        "length(it.ids) > 5 && alltrue([for one in it.images : one.image_owner_alias == \"system\"])",
    ),
    (
        IMAGES,
        "name_regex = \"^ubuntu_22\"",
        "length(it.ids) > 0 && alltrue([for one in it.images : startswith(one.name, \"ubuntu_22\")])",
    ),
    (
        IMAGES,
        "name_regex = \"^ubuntu\"\nmost_recent = true",
        "length(it.ids) == 1",
    ),
    (
        IMAGES,
        "owners = \"system\"\nimage_id = \"aliyun_3_x64_20G_alibase_20240819.vhd\"",
        "it.ids == tolist([\"aliyun_3_x64_20G_alibase_20240819.vhd\"])",
    ),
    (
        IMAGES,
        "owners = \"system\"\nimage_name = \"aliyun_3_x64_20G_alibase_20240819.vhd\"",
        "length(it.ids) == 1",
    ),
    (
        IMAGES,
        "owners = \"system\"\nos_type = \"windows\"",
        "length(it.ids) > 0 && alltrue([for one in it.images : one.os_type == \"windows\"])",
    ),
    (
        IMAGES,
        "owners = \"system\"\narchitecture = \"arm64\"",
        "length(it.ids) > 0 && alltrue([for one in it.images : one.architecture == \"arm64\"])",
    ),
    (IMAGES, "owners = \"self\"", "length(it.ids) == 0"),
    (
        IMAGES,
        "owners = \"system\"\nstatus = \"Available\"",
        "length(it.ids) > 5",
    ),
    (
        IMAGES,
        "owners = \"system\"\nstatus = \"Creating\"",
        "length(it.ids) == 0",
    ),
    (
        IMAGES,
        "owners = \"system\"\nis_support_io_optimized = true",
        "length(it.ids) > 5",
    ),
    (
        IMAGES,
        "owners = \"system\"\nis_support_cloud_init = true",
        "length(it.ids) > 0",
    ),
    (
        IMAGES,
        "owners = \"system\"\ninstance_type = \"ecs.g8y.large\"",
        "length(it.ids) > 0 && alltrue([for one in it.images : one.architecture == \"arm64\"])",
    ),
    (
        IMAGES,
        "owners = \"system\"\nimage_family = \"acs:ubuntu_22_04_x64\"",
        "length(it.ids) > 0",
    ),
    (
        IMAGES,
        "owners = \"system\"\nusage = \"instance\"",
        "length(it.ids) > 5",
    ),
    (
        IMAGES,
        "owners = \"system\"\naction_type = \"CreateEcs\"",
        "length(it.ids) > 5",
    ),
    (
        IMAGES,
        "owners = \"system\"\nresource_group_id = \"rg-none\"",
        "length(it.ids) >= 0",
    ),
    (
        IMAGES,
        "owners = \"system\"\nsnapshot_id = \"s-none\"",
        "length(it.ids) == 0",
    ),
    (
        IMAGES,
        "owners = \"system\"\ntags = { none = \"such\" }",
        "length(it.ids) == 0",
    ),
    (IMAGES, "image_owner_id = \"1\"", "length(it.ids) > 5"),
    (
        TYPES,
        "cpu_core_count = 2\nmemory_size = 8",
        "contains(it.ids, \"ecs.g7.large\") && alltrue([for one in it.instance_types : one.cpu_core_count == 2 && one.memory_size == 8])",
    ),
    (
        TYPES,
        "availability_zone = \"cn-hangzhou-i\"",
        "!contains(it.ids, \"ecs.n4.large\") && alltrue([for one in it.instance_types : contains(one.availability_zones, \"cn-hangzhou-i\")])",
    ),
    (
        TYPES,
        "instance_type_family = \"ecs.g7\"",
        "alltrue([for one in it.instance_types : one.family == \"ecs.g7\"]) && length(it.ids) == 5",
    ),
    (
        TYPES,
        "instance_type = \"ecs.g7.large\"",
        "it.ids == tolist([\"ecs.g7.large\"])",
    ),
    (
        TYPES,
        "gpu_amount = 1",
        "length(it.ids) > 0 && alltrue([for one in it.instance_types : one.gpu.amount == \"1\"])",
    ),
    (TYPES, "gpu_spec = \"NVIDIA T4\"", "length(it.ids) > 0"),
    (
        TYPES,
        "instance_charge_type = \"PrePaid\"",
        "length(it.ids) > 0",
    ),
    (TYPES, "network_type = \"Vpc\"", "length(it.ids) > 0"),
    (
        TYPES,
        "spot_strategy = \"SpotAsPriceGo\"",
        "length(it.ids) > 0",
    ),
    (
        TYPES,
        "eni_amount = 8",
        "length(it.ids) > 0 && alltrue([for one in it.instance_types : one.eni_amount >= 8])",
    ),
    (
        TYPES,
        "kubernetes_node_role = \"Worker\"",
        "alltrue([for one in it.instance_types : one.cpu_core_count >= 2 && one.memory_size >= 4])",
    ),
    (
        TYPES,
        "is_outdated = true\navailability_zone = \"cn-hangzhou-b\"",
        "length(it.ids) >= 0",
    ),
    (
        TYPES,
        "sorted_by = \"CPU\"",
        "it.instance_types[0].cpu_core_count <= it.instance_types[length(it.ids) - 1].cpu_core_count",
    ),
    (
        TYPES,
        "system_disk_category = \"cloud_essd\"",
        "contains(it.ids, \"ecs.g7.large\")",
    ),
    (
        TYPES,
        "image_id = \"ubuntu_22_04_x64_20G_alibase_20240926.vhd\"",
        "contains(it.ids, \"ecs.g7.large\") && !contains(it.ids, \"ecs.g8y.large\")",
    ),
    (
        TYPES,
        "minimum_eni_ipv6_address_quantity = 6",
        "contains(it.ids, \"ecs.g7.large\")",
    ),
    (
        TYPES,
        "minimum_eni_private_ip_address_quantity = 6",
        "contains(it.ids, \"ecs.g7.large\")",
    ),
];
