module socketlab/broken-client

go 1.26.0
