//! What tells two rules of a group apart, and the id that is made of it.

use serde_json::Value as Json;

use super::table::ALLOW_IN;
use crate::provider::CreateRequest;

/// The eight parts of a rule's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub group: &'a str,
    pub direction: &'a str,
    protocol: &'a str,
    ports: &'a str,
    /// `intranet`, `internet`; `<nil>` in ids that Terraform's provider made.
    pub nic: &'a str,
    /// With `_` for `:`.
    target: &'a str,
    policy: &'a str,
    priority: &'a str,
}

impl<'a> Parts<'a> {
    /// Reads an id; `None` when it is not one.
    pub fn parse(id: &'a str) -> Option<Self> {
        let parts: Vec<&str> = id.split(':').collect();
        let [
            group,
            direction,
            protocol,
            ports,
            nic,
            target,
            policy,
            priority,
        ] = parts[..]
        else {
            return None;
        };
        let direction = ["ingress", "egress"]
            .into_iter()
            .find(|known| *known == direction)?;
        Some(Self {
            group,
            direction,
            protocol,
            ports,
            nic,
            target,
            policy,
            priority,
        })
    }

    /// Returns what the rule is found by.
    pub fn key(&self) -> Key {
        Key {
            ingress: self.direction == "ingress",
            protocol: self.protocol.to_ascii_lowercase(),
            ports: self.ports.to_owned(),
            target: canonical(&self.target.replace('_', ":")),
            policy: self.policy.to_ascii_lowercase(),
            priority: self.priority.to_owned(),
        }
    }
}

/// What tells two rules of a group apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    ingress: bool,
    protocol: String,
    ports: String,
    target: String,
    policy: String,
    priority: String,
}

/// The fields of a permission that can name the other side, for each direction; the first that is set does.
pub(super) const TARGETS: [[&str; 4]; 2] = [
    [
        "DestCidrIp",
        "DestGroupId",
        "Ipv6DestCidrIp",
        "DestPrefixListId",
    ],
    [
        "SourceCidrIp",
        "SourceGroupId",
        "Ipv6SourceCidrIp",
        "SourcePrefixListId",
    ],
];

/// Returns the text of a field, empty when it has none.
pub(super) fn text<'a>(permission: &'a Json, field: &str) -> &'a str {
    permission
        .get(field)
        .and_then(Json::as_str)
        .unwrap_or_default()
}

/// Returns what tells a permission of an answer apart.
pub(super) fn key_of(permission: &Json) -> Key {
    let ingress = !text(permission, "Direction").eq_ignore_ascii_case("egress");
    let targets = TARGETS[usize::from(ingress)];
    let target = targets
        .into_iter()
        .map(|field| text(permission, field))
        .find(|t| !t.is_empty());
    Key {
        ingress,
        protocol: text(permission, "IpProtocol").to_ascii_lowercase(),
        ports: text(permission, "PortRange").to_owned(),
        target: canonical(target.unwrap_or_default()),
        policy: text(permission, "Policy").to_ascii_lowercase(),
        priority: priority(permission),
    }
}

/// Returns the id of a permission of a group, as [`id`] makes it.
pub(super) fn id_of(group: &str, permission: &Json) -> String {
    let key = key_of(permission);
    let nic = match text(permission, "NicType") {
        "" => "intranet",
        nic => nic,
    };
    format!(
        "{group}:{}:{}:{}:{}:{}:{}:{}",
        if key.ingress { "ingress" } else { "egress" },
        key.protocol,
        key.ports,
        nic.to_ascii_lowercase(),
        key.target.replace(':', "_"),
        key.policy,
        key.priority,
    )
}

/// The API writes the priority as a string or as a number.
pub(super) fn priority(permission: &Json) -> String {
    match permission.get("Priority") {
        Some(Json::String(text)) if !text.is_empty() => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        _ => "1".to_owned(),
    }
}

/// One spelling for each network: compressed, an address without its full mask.
pub(super) fn canonical(target: &str) -> String {
    if let Ok(network) = target.parse::<ipnet::IpNet>() {
        let network = network.trunc();
        return if network.prefix_len() == network.max_prefix_len() {
            network.addr().to_string()
        } else {
            network.to_string()
        };
    }
    target
        .parse::<std::net::IpAddr>()
        .map_or_else(|_| target.to_owned(), |address| address.to_string())
}

/// Makes the id from the request: the answer has none.
pub(super) fn id(request: &CreateRequest, _: &Json) -> Option<String> {
    let ingress = request.action == ALLOW_IN.action;
    let get = |name: &str| {
        let name = if name == "SecurityGroupId" {
            name.to_owned()
        } else {
            format!("Permissions.1.{name}")
        };
        request
            .params
            .iter()
            .find(|param| param.name == name)
            .map(|param| param.value.as_str())
    };
    let [cidr, group, ipv6, list] = TARGETS[usize::from(ingress)].map(get);
    // Of several, the last one of network, IPv6 network and group counts, as in Terraform's provider.
    let target = group.or(ipv6).or(cidr).or(list)?.replace(':', "_");
    Some(format!(
        "{}:{}:{}:{}:{}:{}:{}:{}",
        get("SecurityGroupId")?,
        if ingress { "ingress" } else { "egress" },
        get("IpProtocol")?,
        get("PortRange").unwrap_or("-1/-1"),
        get("NicType").unwrap_or("intranet"),
        target,
        get("Policy").unwrap_or("accept"),
        get("Priority").unwrap_or("1"),
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_finds_its_permission() {
        let permission = json!({
            "Direction": "ingress", "IpProtocol": "TCP", "PortRange": "22/22", "Policy": "Accept", "Priority": "1",
            "NicType": "intranet", "SourceCidrIp": "", "Ipv6SourceCidrIp": "2001:db8::/32",
        });
        for id in [
            "sg-1:ingress:tcp:22/22:intranet:2001_db8__/32:accept:1",
            // As Terraform's provider writes it, for a network that was not spelled shortest.
            "sg-1:ingress:tcp:22/22:<nil>:2001_0db8_0__/32:accept:1",
        ] {
            assert_eq!(Parts::parse(id).unwrap().key(), key_of(&permission), "{id}");
        }
    }

    #[test]
    fn one_address_has_one_spelling() {
        assert_eq!(canonical("10.0.0.1/32"), canonical("10.0.0.1"));
        assert_eq!(canonical("2001:DB8:0::1"), canonical("2001:db8::1/128"));
        assert_ne!(canonical("10.0.0.0/8"), canonical("10.0.0.0"));
        assert_eq!(canonical("sg-1"), "sg-1");
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for id in [
            "",
            "sg-1",
            "sg-1:both:tcp:1/1:intranet:x:accept:1",
            "a:ingress:c:d:e:f:g:h:i",
        ] {
            assert_eq!(Parts::parse(id), None, "{id}");
        }
    }
}
