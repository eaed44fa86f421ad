//! Random specs drawn from the part of the language that is rendered.

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

/// Strings that YAML, shells, templates, GitHub, kustomize or terminals read as something else than text.
pub const NASTY: [&str; 44] = [
    "a\nb",
    "\n",
    "a\n",
    "\n\n a\n\n",
    " a ",
    "\ta\t",
    "\"",
    "'",
    "\"a\"",
    "'a'",
    "''",
    "\"\"a\"\"",
    "a'b\"c`d",
    "# no comment",
    "a #b",
    "a: b",
    "a:",
    "- a",
    "? a",
    "!a",
    "&a",
    "*a",
    "%a",
    "@a",
    "|",
    ">",
    "{{ a }}",
    "{{{ a }}}",
    "{%% if a %%}",
    "${{ github.token }}",
    "${A}",
    "$(id)",
    "`id`",
    "; rm -rf /",
    "---",
    "...\n---\nkind: Pod",
    "a\\nb\\",
    "null",
    "yes",
    "0x1f",
    "2026-01-01",
    "a\u{202e}b\u{2066}c",
    "\u{1b}[31mred\u{7}",
    "é\u{1f600}\u{feff}\u{2028}",
];

/// Text of any kind, without the NUL that no variable can hold.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9 ./:_-]{0,20}",
        3 => select(&NASTY[..]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => (select(&NASTY[..]), select(&NASTY[..])).prop_map(|(a, b)| format!("{a}{b}")),
    ]
    .prop_map(|text| text.replace('\0', ""))
}

fn label(longest: usize) -> impl Strategy<Value = String> {
    let pattern = format!("[a-z]([a-z0-9-]{{0,{}}}[a-z0-9])?", longest - 2);
    proptest::string::string_regex(&pattern).unwrap()
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z]{1,8}( [a-z0-9:./=-]{1,8}){0,3}", 1 => "[!-~]([ -~]{0,20}[!-~])?"]
        .prop_filter("an expression", |line| !line.contains("${{"))
}

fn command() -> impl Strategy<Value = Value> {
    prop_oneof![vec(line(), 1..4).prop_map(|words| json!(words)), line().prop_map(Value::from)]
}

/// A map of those keys that have a value.
fn object<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    let present = entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(present.collect::<Map<String, Value>>())
}

fn merged(parts: Vec<Value>) -> Value {
    let entries = parts.into_iter().flat_map(|part| match part {
        Value::Object(map) => map,
        _ => Map::new(),
    });
    Value::Object(entries.collect())
}

/// Names of variables; none sounds like a secret or is the port's.
fn variable() -> impl Strategy<Value = String> {
    "[A-Z][A-Z0-9_]{0,10}".prop_filter("taken", |name| {
        name != "PORT" && !["TOKEN", "SECRET", "PASSWORD", "KEY"].iter().any(|end| name.ends_with(end))
    })
}

fn config() -> impl Strategy<Value = Value> {
    btree_map(variable(), text(), 0..5).prop_map(|config| json!(config))
}

fn count() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0..6_u32).prop_map(Value::from),
        (1..4_u32, 1..9_u32, of(1..=100_u32), of(1..=100_u32), of((0..3600_u32, 1..1000_u32))).prop_map(
            |(min, more, cpu, memory, rule)| {
                let rule = rule.map(|(window, percent)| json!({"window": format!("{window}s"), "percent": percent}));
                object([
                    ("min", Some(json!(min))),
                    ("max", Some(json!(min + more))),
                    ("cpu", cpu.map(|cpu| json!(format!("{cpu}%")))),
                    ("memory", memory.map(|memory| json!(format!("{memory}%")))),
                    ("scaleUp", rule.clone()),
                    ("scaleDown", rule),
                ])
            }
        ),
    ]
}

fn resources() -> impl Strategy<Value = Value> {
    (1..1000_u32, 1..4_u32, 16..4096_u32, 1..4_u32).prop_map(|(cpu, cpus, memory, memories)| {
        json!({
            "requests": {"cpu": format!("{cpu}m"), "memory": format!("{memory}Mi"), "ephemeralStorage": "32Mi"},
            "limits": {"cpu": format!("{}m", cpu * cpus), "memory": format!("{}Mi", memory * memories), "ephemeralStorage": "1Gi"},
        })
    })
}

fn image() -> impl Strategy<Value = (Value, Value)> {
    let tools = select(vec![
        ("node", "npm"),
        ("node", "pnpm"),
        ("node", "yarn"),
        ("python", "pip"),
        ("python", "uv"),
        ("python", "poetry"),
        ("go", "go"),
    ]);
    let parts =
        (of(label(20)), of(10_000..65_535_u32), of(command()), of(select(vec!["slim", "alpine"])), any::<bool>());
    (tools, of("v[0-9]\\.[0-9]"), parts, of(select(vec!["runtime", "none"]))).prop_map(
        |((profile, manager), tag, (secret, user, start, variant, init), check)| {
            // The build of a Go program puts the binary where the start command finds it.
            let start = start.map(|start| match start {
                Value::Array(words) if manager == "go" => [json!("/app/server")].into_iter().chain(words).collect(),
                _ if manager == "go" => json!(["/app/server"]),
                start => start,
            });
            let image = object([
                ("repository", Some(json!("ghcr.io/acme/app"))),
                ("packageManager", Some(json!(manager))),
                ("tag", tag.map(Value::from)),
                ("pullSecret", secret.map(Value::from)),
                ("user", user.map(Value::from)),
                ("start", start),
                ("variant", variant.map(Value::from)),
                ("init", init.then(|| json!("tini"))),
                ("healthcheck", check.map(Value::from)),
                ("platforms", Some(json!(["linux/amd64", "linux/arm64"]))),
            ]);
            (json!(profile), image)
        },
    )
}

fn jobs() -> impl Strategy<Value = Value> {
    let hour = of(0..24_u32);
    btree_map(label(30), (command(), of(command()), hour), 1..4).prop_map(|jobs| {
        let jobs = jobs.into_iter().map(|(name, (command, rollback, hour))| {
            let job = object([
                ("command", Some(command)),
                ("rollback", rollback),
                ("when", hour.is_none().then(|| json!("beforeDeploy"))),
                ("schedule", hour.map(|hour| json!(format!("15 {hour} * * *")))),
                ("timeZone", hour.map(|_| json!("Europe/Berlin"))),
            ]);
            (format!("j-{name}"), job)
        });
        Value::Object(jobs.collect())
    })
}

fn domains() -> impl Strategy<Value = Value> {
    btree_set("[a-z]{1,10}(-[a-z0-9]{1,10})?", 1..3).prop_map(|hosts| {
        let hosts = hosts.iter().enumerate().map(|(at, host)| {
            let host = format!("{host}.shop.example");
            if at == 0 { json!(host) } else { json!({"host": host}) }
        });
        hosts.collect()
    })
}

fn alerts() -> impl Strategy<Value = Value> {
    let severity = || select(vec!["info", "warning", "critical"]);
    let share = || {
        (1..50_u32, 1..49_u32).prop_map(|(warning, more)| {
        json!({"warning": format!("{warning}%"), "critical": format!("{}%", warning + more), "for": "5m"})
    })
    };
    (of(severity()), of(share()), of(1..2000_u32), of(share()), of(share()), of(severity())).prop_map(
        |(down, errors, latency, cpu, memory, crash)| {
            object([
                ("down", down.map(Value::from)),
                ("errorRate", errors),
                (
                    "latency",
                    latency.map(|at| json!({"p95": {"warning": format!("{at}ms")}, "p99": {"critical": "5s"}})),
                ),
                ("cpu", cpu),
                ("memory", memory),
                ("crashLoop", crash.map(|severity| json!({"severity": severity, "for": "7m"}))),
            ])
        },
    )
}

/// `port`, and what needs it.
fn http() -> impl Strategy<Value = Value> {
    let edge = (of(label(15)), select(vec!["letsencrypt", "letsencrypt-staging", "company-ca"]));
    let metrics = (1024..65_535_u32, of(select(vec!["/metrics", "/internal/metrics"])));
    (of(1024..65_535_u32), any::<bool>(), domains(), edge, of((metrics, alerts()))).prop_map(
        |(port, public, domains, (class, issuer), observed)| {
            let health = port.map(|_| json!({"liveness": "/live", "readiness": "/ready", "startup": "/started"}));
            let (metrics, alerts) = observed.unzip();
            object([
                ("port", port.map(Value::from)),
                ("health", health),
                ("domains", port.filter(|_| public).map(|_| domains)),
                ("edge", Some(object([("class", class.map(Value::from)), ("tls", Some(json!({"issuer": issuer})))]))),
                (
                    "metrics",
                    metrics.map(|(port, path)| object([("port", Some(json!(port))), ("path", path.map(Value::from))])),
                ),
                ("alerts", alerts),
            ])
        },
    )
}

/// Secrets, stores and their backup.
fn data() -> impl Strategy<Value = Value> {
    let keys = btree_set("S_[A-Z]{1,6}", 0..4);
    let backup = (1..400_u32, 0..60_u32, 0..24_u32);
    (of(keys), any::<bool>(), any::<bool>(), of(1024..65_535_u32), of(backup)).prop_map(
        |(keys, files, redis, port, backup)| {
            let secrets = keys.map(|keys| json!({"keys": keys, "as": if files { "files" } else { "env" }}));
            let postgres = object([
                ("mode", Some(json!("external"))),
                ("version", Some(json!("18"))),
                ("uri", Some(json!("S_DATABASE_URL"))),
                ("port", port.map(Value::from)),
            ]);
            let stores = match (backup.is_some(), redis) {
                (true, _) => Some(json!({"postgres": postgres})),
                (false, true) => Some(
                    json!({"postgres": postgres, "redis": {"mode": "external", "version": "8", "uri": "S_REDIS_URL"}}),
                ),
                (false, false) => None,
            };
            let backup = backup.map(|(days, minute, hour)| {
                json!({
                    "schedule": format!("{minute} {hour} * * *"),
                    "timeZone": "Europe/Berlin",
                    "retention": format!("{days}d"),
                    "destination": "s3://acme-backups/app",
                })
            });
            object([("secrets", secrets), ("datastores", stores), ("backup", backup)])
        },
    )
}

fn security() -> impl Strategy<Value = Value> {
    let egress =
        prop_oneof![Just(json!("internet")), Just(json!("none")), Just(json!(["203.0.113.0/24", "2001:db8::/32"]))];
    (select(vec!["strict", "none"]), egress, any::<bool>())
        .prop_map(|(policy, egress, quota)| json!({"networkPolicy": policy, "egress": egress, "quota": quota}))
}

fn delivery() -> impl Strategy<Value = Value> {
    (btree_map(label(12), line(), 0..3), of(1..360_u32)).prop_map(|(gates, minutes)| {
        let gates: Vec<Value> =
            gates.into_iter().map(|(name, run)| json!({"name": format!("g-{name}"), "run": run})).collect();
        object([("gates", Some(json!(gates))), ("timeout", minutes.map(|minutes| json!(format!("{minutes}m"))))])
    })
}

/// What an environment has otherwise, by its position among the environments.
fn environment() -> impl Strategy<Value = Value> {
    let config = btree_map(variable(), of(text()), 0..4).prop_map(|config| json!(config));
    let config = prop_oneof![4 => config, 1 => Just(Value::Null)];
    let removed = subsequence(vec!["jobs", "alerts", "backup", "secrets", "owner"], 0..=2);
    let trigger = select(vec![json!({"branch": "main"}), json!({"tag": "v*"}), json!({"release": true})]);
    (of(config), of(count()), of(resources()), of(security()), removed, of(trigger), of(domains())).prop_map(
        |(config, replicas, resources, security, removed, trigger, domains)| {
            let nulls = removed.into_iter().map(|key| (key.to_owned(), Value::Null)).collect();
            let changes = object([
                ("config", config),
                ("replicas", replicas),
                ("resources", resources),
                ("security", security),
                ("delivery", trigger.map(|trigger| json!({"trigger": trigger, "approval": "required"}))),
                ("domains", domains),
            ]);
            merged(vec![Value::Object(nulls), changes])
        },
    )
}

/// A spec. Most are valid; the rules between sections refuse a few.
pub fn spec() -> impl Strategy<Value = Value> {
    let head = (label(50), image(), of(label(10)), of(line()));
    let body = (count(), of(resources()), of(jobs()), of(config()), http(), data());
    let rest = (of(security()), of(delivery()), any::<bool>(), subsequence(vec!["zone", "host"], 0..=2));
    (head, body, rest, btree_map(label(12), environment(), 1..4)).prop_map(
        |((name, (profile, image), process, team), body, (security, delivery, drained, spread), environments)| {
            let (replicas, resources, jobs, config, http, data) = body;
            let owner = team.map(|team| json!({"team": team, "email": "oncall@shop.example"}));
            let with_port = http.get("port").is_some();
            let environments: Map<String, Value> = environments
                .into_iter()
                .map(|(name, mut changes)| {
                    if let (Some(changes), false) = (changes.as_object_mut(), with_port) {
                        changes.remove("domains");
                    }
                    (name, changes)
                })
                .collect();
            let head = object([
                ("version", Some(json!(1))),
                ("name", Some(json!(name))),
                ("profile", Some(profile)),
                ("owner", owner),
                ("repository", Some(json!("https://github.com/acme/app"))),
                ("image", Some(image)),
                ("process", process.map(|process| json!(format!("p-{process}")))),
                ("replicas", Some(replicas)),
                ("disruption", drained.then(|| json!({"maxUnavailable": 1}))),
                ("resources", resources),
                ("placement", Some(json!({"spread": spread}))),
                ("jobs", jobs),
                ("config", config),
                ("security", security),
                ("delivery", delivery),
            ]);
            merged(vec![head, http, data, object([("environments", Some(Value::Object(environments)))])])
        },
    )
}
