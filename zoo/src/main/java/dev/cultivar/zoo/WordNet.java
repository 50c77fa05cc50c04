package dev.cultivar.zoo;
final class WordNet {}
