package dev.cultivar.cli; final class Main {}
