-- Run once, when PostgreSQL starts on an empty volume: each service has a database of its own.
CREATE DATABASE comments;
