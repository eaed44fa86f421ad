//! What the reader of one language found.

use super::evidence::{Clue, Evidence};
use super::release::Statement;

/// Languages that have a profile of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// JavaScript and TypeScript on Node.
    Node,
    /// Python.
    Python,
    /// Go.
    Go,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Node, Self::Python, Self::Go];

    /// The built-in profile's name.
    pub fn profile(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Python => "python",
            Self::Go => "go",
        }
    }

    /// Whether its projects choose between package managers.
    pub fn has_package_manager(self) -> bool {
        matches!(self, Self::Node | Self::Python)
    }

    /// Whether what is built is one package among several.
    pub fn has_main_package(self) -> bool {
        self == Self::Go
    }

    /// The language of a built-in profile.
    pub fn of_profile(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.profile() == name)
    }

    /// A release as the spec writes it: `24`, `3.14`, `1.27`.
    pub fn spell(self) -> fn(u32) -> String {
        match self {
            Self::Node => |major| major.to_string(),
            Self::Python => |minor| format!("3.{minor}"),
            Self::Go => |minor| format!("1.{minor}"),
        }
    }

    /// The release in a text that the spec writes, the inverse of [`Language::spell`].
    pub fn release(self, text: &str) -> Option<u32> {
        let prefix = match self {
            Self::Node => "",
            Self::Python => "3.",
            Self::Go => "1.",
        };
        text.strip_prefix(prefix)?.split('.').next()?.parse().ok()
    }
}

/// A check that the repository knows how to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Name, a DNS label.
    pub name: &'static str,
    /// Command line.
    pub run: String,
    /// Where it was seen.
    pub evidence: Evidence,
}

/// A suggestion that follows from a library in use or from a variable's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// A PostgreSQL client.
    Postgres,
    /// A client of `MySQL`.
    Mysql,
    /// A MongoDB client.
    Mongodb,
    /// A Redis client.
    Redis,
    /// A Prometheus client library.
    Metrics,
    /// A WebSocket library.
    WebSocket,
}

/// Everything that one language's files say, before it is weighed.
#[derive(Clone, Debug, Default)]
pub struct Clues {
    /// What the project calls itself, as written.
    pub name: Vec<Clue<String>>,
    /// Package managers, as `npm`, `pnpm`, `yarn`, `pip`, `uv`, `poetry`.
    pub package_manager: Vec<Clue<&'static str>>,
    /// Why there is no package manager, when there is none.
    pub package_manager_missing: String,
    /// Statements about the language's version.
    pub releases: Vec<Statement>,
    /// Commands that build.
    pub build: Vec<Clue<String>>,
    /// Commands that start.
    pub start: Vec<Clue<Vec<String>>>,
    /// Why start commands that were seen cannot be taken over.
    pub start_refused: Vec<Evidence>,
    /// Ports.
    pub port: Vec<Clue<u16>>,
    /// Health paths.
    pub health: Vec<Clue<String>>,
    /// Folders of Go's `package main`.
    pub main_package: Vec<Clue<String>>,
    /// The numeric user that the image runs as today.
    pub user: Option<(u32, Evidence)>,
    /// Names of environment variables that the application reads.
    pub variables: Vec<(String, Evidence)>,
    /// Checks.
    pub gates: Vec<Gate>,
    /// A command that migrates the database.
    pub migrate: Option<(Vec<String>, Evidence)>,
    /// Suggestions.
    pub hints: Vec<(Hint, Evidence)>,
    /// What a reader should know, with the place.
    pub notes: Vec<Evidence>,
}

impl Clues {
    /// Keeps a start command, its port, and what it means to leave the variables behind.
    pub fn add_start(&mut self, line: Result<super::command_line::CommandLine, &'static str>, evidence: Evidence) {
        match line {
            Ok(command) => {
                let port = command.port.map(|port| Clue::likely(port, evidence.clone()));
                self.port.extend(port);
                if let [_, ..] = command.variables.as_slice() {
                    let names = command.variables.join(", ");
                    let note = format!("sets {names} for the start; put what is needed under config");
                    self.notes.push(evidence.clone().remark(note));
                }
                self.start.push(Clue::likely(command.words, evidence));
            }
            Err(reason) => self.refuse_start(reason, evidence),
        }
    }

    /// Keeps the reason why a start command is not taken over.
    pub fn refuse_start(&mut self, reason: &str, evidence: Evidence) {
        self.start_refused.push(evidence.remark(reason));
    }
}

/// The suggestion that a library's name stands for.
pub fn hint_of(library: &str) -> Option<Hint> {
    Some(match library {
        "pg"
        | "postgres"
        | "pg-promise"
        | "psycopg"
        | "psycopg2"
        | "psycopg2-binary"
        | "asyncpg"
        | "github.com/jackc/pgx/v5"
        | "github.com/jackc/pgx/v4"
        | "github.com/lib/pq" => Hint::Postgres,
        "mysql" | "mysql2" | "pymysql" | "mysqlclient" | "aiomysql" | "github.com/go-sql-driver/mysql" => Hint::Mysql,
        "mongodb"
        | "mongoose"
        | "pymongo"
        | "motor"
        | "go.mongodb.org/mongo-driver"
        | "go.mongodb.org/mongo-driver/v2" => Hint::Mongodb,
        "redis" | "ioredis" | "bullmq" | "bull" | "github.com/redis/go-redis/v9" => Hint::Redis,
        "prom-client"
        | "express-prom-bundle"
        | "prometheus-client"
        | "prometheus-fastapi-instrumentator"
        | "django-prometheus"
        | "github.com/prometheus/client_golang" => Hint::Metrics,
        "ws" | "socket.io" | "websockets" | "github.com/gorilla/websocket" | "github.com/coder/websocket" => {
            Hint::WebSocket
        }
        _ => return None,
    })
}
