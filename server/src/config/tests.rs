use super::*;

fn config(variables: &[(&str, &str)]) -> Result<Config> {
    let mut layers = Layers::default();
    layers.add_environment(variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    Config::from_layers(&layers)
}

#[test]
fn runs_without_any_setting() {
    let config = config(&[]).unwrap();
    assert_eq!(config.database_url, "sqlite://data/coco.db");
    assert_eq!(config.sqlite_file(), Some("data/coco.db".into()));
    assert_eq!((config.public_url.as_str(), config.is_https()), ("http://127.0.0.1:3000", false));
    assert_eq!((config.api_rate.get(), config.sign_in_rate.get()), (5000, 10));
}

#[test]
fn errors_name_the_key_as_it_was_written() {
    for (key, value) in [
        ("COCO_LISTEN", "here"),
        ("COCO_DATABASE_URL", "mysql://x"),
        ("COCO_DATABASE_URL", "sqlite://"),
        ("COCO_PUBLIC_URL", "help.example.com"),
        ("COCO_PUBLIC_URL", "ftp://x"),
        ("COCO_PUBLIC_URL", "https://x.com; script-src *"),
        ("COCO_TRUSTED_PROXIES", "10.0.0.1, nonsense"),
        ("COCO_LOG", "=,="),
        ("COCO_LOG_FORMAT", "xml"),
        ("COCO_DEMO", "perhaps"),
        ("COCO_API_RATE", "0"),
        ("COCO_SIGN_IN_RATE", "-1"),
        ("COCO_SOCKET_RATE", "many"),
        ("COCO_SOCKETS_PER_STAFF", "0"),
        ("COCO_SOCKETS_PER_CUSTOMER", ""),
        ("COCO_MAX_CONNECTIONS", "1.5"),
        ("COCO_CLAMD", ""),
        ("COCO_CLAMD", "clamd"),
        ("COCO_CLAMD", "clamd:0"),
        ("COCO_CLAMD", ":3310"),
        ("COCO_CLAMD", "::1:3310"),
        ("COCO_CLAMD", "tcp://clamd:3310"),
        ("COCO_METRICS_TOKEN", "short"),
        ("COCO_OTLP_ENDPOINT", ""),
        ("COCO_OTLP_ENDPOINT", "collector:4318"),
        ("COCO_OTLP_ENDPOINT", "grpc://collector:4317"),
        ("COCO_OTLP_ENDPOINT", "https://collector:4318"),
        ("COCO_OTLP_ENDPOINT", "http://"),
        ("COCO_OTLP_ENDPOINT", "http://collector:port"),
        ("COCO_OTLP_ENDPOINT", "http://name:secret@collector"),
        ("COCO_OTLP_ENDPOINT", "http://collector?key=secret"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "nonsense"),
        ("COCO_OTLP_RATIO", "1.5"),
        ("COCO_OTLP_RATIO", "-0.1"),
        ("COCO_OTLP_RATIO", "NaN"),
        ("COCO_OTLP_RATIO", "half"),
    ] {
        let error = config(&[(key, value)]).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{key}: ")), "{error}");
    }
    let mut layers = Layers::default();
    layers.add_flag("listen", Some("everywhere"));
    assert!(Config::from_layers(&layers).unwrap_err().to_string().starts_with("--listen: “everywhere”"));
}

#[test]
fn a_scanner_is_a_host_and_a_port() {
    assert_eq!(config(&[]).unwrap().clamd, None);
    for address in ["127.0.0.1:3310", "clamd:3310", "av.example.com:1", "[::1]:3310"] {
        assert_eq!(config(&[("COCO_CLAMD", address)]).unwrap().clamd.as_deref(), Some(address));
    }
}

#[test]
fn a_collector_is_named_by_our_variable_or_by_that_of_opentelemetry() {
    let (ours, shared) = (("COCO_OTLP_ENDPOINT", "http://ours:4318/"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://[::1]:4318/otlp"));
    assert_eq!(config(&[]).unwrap().otlp_endpoint, None);
    assert_eq!(config(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "")]).unwrap().otlp_endpoint, None);
    assert_eq!(config(&[shared]).unwrap().otlp_endpoint.as_deref(), Some("http://[::1]:4318/otlp"));
    for both in [[ours, shared], [shared, ours]] {
        assert_eq!(config(&both).unwrap().otlp_endpoint.as_deref(), Some("http://ours:4318"));
    }
}

#[test]
fn all_or_a_share_is_traced() {
    assert_eq!(config(&[]).unwrap().otlp_ratio, Ratio::ALL);
    for (text, share) in [("0", 0.0), ("0.25", 0.25), ("1", 1.0)] {
        assert_eq!(config(&[("COCO_OTLP_RATIO", text)]).unwrap().otlp_ratio.as_f64(), share);
    }
}

#[test]
fn stronger_layers_win() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("coco.toml");
    std::fs::write(&file, "listen = '0.0.0.0:80'\napi_rate = 7\ndemo = true\ntrusted_proxies = ['::1', '10.0.0.0/8']").unwrap();
    let mut layers = Layers::default();
    layers.add_file(&file).unwrap();
    layers.add_environment([("COCO_LISTEN".into(), "127.0.0.1:81".into()), ("COCO_LISTN".into(), "x".into())]);
    layers.add_flag("data_dir", Some("elsewhere"));
    let config = Config::from_layers(&layers).unwrap();
    assert_eq!((config.listen.port(), config.api_rate.get(), config.demo), (81, 7, true));
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(config.database_url, "sqlite://elsewhere/coco.db");
    assert_eq!(layers.strangers(), ["COCO_LISTN"]);
}

#[test]
fn files_with_faults_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("coco.toml");
    for (text, expected) in [("lisen = 1", "there is no setting `lisen`"), ("listen = {}", "listen"), ("listen", "is not valid TOML")] {
        std::fs::write(&file, text).unwrap();
        let error = format!("{:#}", Layers::default().add_file(&file).unwrap_err());
        assert!(error.contains(expected) && error.contains("coco.toml"), "{error}");
    }
    assert!(Layers::load(Some(&dir.path().join("absent.toml"))).is_err());
}

#[test]
fn follows_the_port_the_system_chose() {
    let chosen = SocketAddr::from(([127, 0, 0, 1], 4567));
    let bound = config(&[("COCO_LISTEN", "127.0.0.1:0")]).unwrap().bound_to(chosen);
    assert_eq!((bound.listen, bound.public_url.as_str()), (chosen, "http://127.0.0.1:4567"));
    let told = config(&[("COCO_PUBLIC_URL", "https://Help.example.com/")]).unwrap().bound_to(chosen);
    assert_eq!(told.public_url, "https://help.example.com");
    assert_eq!((told.public_host(), told.is_https()), ("help.example.com", true));
    assert_eq!(config(&[("COCO_LISTEN", "0.0.0.0:8080")]).unwrap().public_url, "http://localhost:8080");
}

#[test]
fn knows_whether_it_is_published() {
    for (url, private) in [
        ("http://127.0.0.1:3000", true),
        ("http://localhost", true),
        ("http://[::1]:80", true),
        ("https://help.example.com", false),
        ("http://10.0.0.1:3000", false),
        ("https://localhost.example.com", false),
    ] {
        assert_eq!(config(&[("COCO_PUBLIC_URL", url)]).unwrap().is_private(), private, "{url}");
    }
}

#[test]
fn every_setting_is_described() {
    let text = include_str!("../../../docs/configuration.md");
    for key in KEYS {
        assert!(text.contains(&format!("| `{key}` | `COCO_{}` |", key.to_uppercase())), "{key}");
    }
}
